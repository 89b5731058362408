"""What people change of the guard; who is let pass and what is stopped is in `guard.permitting`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction

from accounts import shared_time
from accounts.models import AuditEntry, Organization, User
from sending import tasks
from sending.guard import permitting
from sending.guard.rules.names import GuardMode, Rule
from sending.guard_pages import queries
from sending.models import GuardRuleSetting, GuardSettings

MOST_RELEASED = 300
"""Of one press; whoever has more presses again."""


def release(organization: Organization, rule: Rule, *, actor: User) -> int:
    """Send what a rule holds, MOST_RELEASED at most; return how many messages."""
    ids = queries.held_ids(organization, rule.value, MOST_RELEASED)
    with transaction.atomic():
        released = permitting.release(organization, ids, actor=actor)
        if released:
            transaction.on_commit(partial(tasks.submit.delay))
    return released


@transaction.atomic
def save_settings(
    organization: Organization,
    *,
    modes: Mapping[Rule, GuardMode],
    thresholds: Mapping[Rule, Mapping[str, int]],
    home_countries: list[str],
    caps: Mapping[str, int | None],
    actor: User,
) -> None:
    """Keep what was chosen for every rule, the home countries and the caps."""
    before = GuardSettings.objects.for_organization(organization).values(*caps).first()
    GuardSettings.objects.update_or_create(
        organization=organization, defaults={"home_countries": home_countries, **caps}
    )
    if before != dict(caps):
        permitting.forget_caps(organization)
    for rule, mode in modes.items():
        GuardRuleSetting.objects.update_or_create(
            organization=organization,
            rule=rule.value,
            defaults={
                "mode": mode.value,
                "thresholds": dict(thresholds.get(rule, {})),
                "changed_at": shared_time.now(),
            },
        )
    said: dict[str, Any] = {rule.value: mode.value for rule, mode in modes.items()}
    AuditEntry.record(
        action="guard.settings_changed",
        subject=organization,
        organization=organization,
        actor=actor,
        modes=said,
        thresholds={name: value for each in thresholds.values() for name, value in each.items()},
        home_countries=home_countries,
        caps=dict(caps),
    )
