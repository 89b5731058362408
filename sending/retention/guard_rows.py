"""What the guard keeps: deleted in time, and forgotten of one number on request."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from accounts import shared_time
from accounts.models import Organization
from sending.intake import row_storage
from sending.models import (
    GuardAllow,
    GuardBlock,
    GuardCounter,
    GuardDecision,
    GuardEvent,
    GuardHold,
    GuardIncident,
    GuardTrust,
)
from sending.models.guard_digest import NOBODY, guard_digests

_A_DAY = timedelta(days=1)
# Replays look at 14 days.
_EVENTS = timedelta(days=15)
_DECISIONS = timedelta(days=90)
_INCIDENTS = timedelta(days=400)
# Those that count by the minute are asked for the past six hours.
_BY_THE_MINUTE = ("1k", "10k", "lak", "C")
_OF_NUMBERS = "F3"
_NUMBER = "NUMBER"
_ABOUT_DECISION = ("at", "rule", "action", "is_enforced", "client_ip", "expires_at")


def delete_due() -> int:
    """Delete rows that no rule and no page asks for any more; return how many."""
    now = shared_time.now()
    counters = GuardCounter.objects.all()
    by_the_minute = counters.filter(dimension__in=_BY_THE_MINUTE)
    old = GuardDecision.objects.exclude(client_ip="").filter(at__lt=now - _EVENTS)
    old.update(client_ip="")
    return sum(
        map(
            _delete,
            (
                by_the_minute.filter(minute__lt=_minute(now - _A_DAY)),
                counters.filter(minute__lt=_minute(now - _EVENTS)),
                GuardEvent.objects.filter(at__lt=now - _EVENTS),
                GuardDecision.objects.filter(at__lt=now - _DECISIONS),
                GuardTrust.objects.filter(until__lt=now),
                GuardAllow.objects.filter(until__lt=now - _DECISIONS),
                # How often something was stopped within a day counts.
                GuardBlock.objects.filter(until__lt=now - _A_DAY),
                GuardHold.objects.filter(over_at__lt=now - _EVENTS),
                GuardIncident.objects.filter(ended_at__lt=now - _INCIDENTS),
            ),
        )
    )


def _minute(at: Any) -> int:
    return int(at.timestamp() // 60)


def _delete(rows: QuerySet[Any]) -> int:
    size, deleted = row_storage.block_rows(scattered=True), 0
    while ids := list(rows.order_by().values_list("pk", flat=True)[:size]):
        gone, _by_model = rows.filter(pk__among=ids).delete()
        deleted += gone
        row_storage.pause()
    return deleted


def forget_number(msisdn: str, organization: Organization | None) -> int:
    """Delete what knows a number again, and its digits in decisions; return how many rows."""
    return sum(_forget(msisdn, owner) for owner in _owners(organization))


def about_number(msisdn: str, organization: Organization | None) -> Iterator[dict[str, Any]]:
    """Yield what the guard decided of a number."""
    for owner in _owners(organization):
        known_as = guard_digests(msisdn, owner)
        decisions = GuardDecision.objects.filter(organization_id=owner, number_digest__in=known_as)
        for row in decisions.order_by("-pk").values("organization_id", *_ABOUT_DECISION):
            yield dict(row)


def _owners(organization: Organization | None) -> list[int]:
    if organization is not None:
        return [organization.pk]
    return list(Organization.objects.order_by("pk").values_list("pk", flat=True))


def _forget(msisdn: str, organization_id: int) -> int:
    digests = guard_digests(msisdn, organization_id)
    own = {"organization_id": organization_id, "number_digest__in": digests}
    gone = GuardTrust.objects.filter(**own).delete()[0]
    gone += GuardEvent.objects.filter(**own).delete()[0]
    allows = GuardAllow.objects.filter(
        organization_id=organization_id, kind=_NUMBER, value__in=map(str, digests)
    )
    gone += allows.delete()[0]
    decisions = GuardDecision.objects.filter(**own)
    gone += decisions.filter(rule=_OF_NUMBERS).update(subject="")
    decisions.update(number_digest=NOBODY, number_shown="", client_ip="")
    return gone
