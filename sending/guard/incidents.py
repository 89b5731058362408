"""What the guard stops again and again becomes one incident: told when it begins and when it ends.

Acceptance only writes decisions. This reads those that are new, once a minute.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts import shared_time
from accounts.models import Organization
from accounts.notice_kinds import NoticeKind
from accounts.notices import owners, tell
from sending.guard.questions import minute_of
from sending.guard.rules.names import Dimension, Rule
from sending.guard.words import RULES
from sending.models import (
    GuardBlock,
    GuardCounter,
    GuardDecision,
    GuardIncident,
    GuardSettings,
    PriceVersion,
)

QUIET = timedelta(hours=1)
"""Without anything new for so long, an incident is over."""
_AT_ONCE = 1_000
_LARGEST = 5
_KEPT_SUBJECTS = 20
# Somebody who asks too often, or from abroad, is no incident.
_NO_INCIDENT = frozenset({Rule.COUNTRY.value, Rule.NUMBER.value})
NONE = 0
_SHARES = (80, 50)
_Key = tuple[int, str, str]


def sweep() -> int:
    """Put new decisions into incidents, end those that are over, and tell; return how many new."""
    seen = 0
    while block := _new():
        seen += len(block)
        _take(block)
        if len(block) < _AT_ONCE:
            break
    _end_quiet()
    _tell_shares()
    return seen


def _new() -> list[GuardDecision]:
    rows = GuardDecision.objects.filter(incident_id=None, is_enforced=True)
    return list(rows.order_by("pk")[:_AT_ONCE])


@transaction.atomic
def _take(decisions: Iterable[GuardDecision]) -> None:
    groups: dict[_Key, list[GuardDecision]] = defaultdict(list)
    for one in decisions:
        groups[one.organization_id, one.rule, one.country].append(one)
    for (organization_id, rule, country), members in sorted(groups.items()):
        organization = Organization.objects.filter(pk=organization_id).first()
        if rule in _NO_INCIDENT or organization is None:
            _belong(members, NONE)
        else:
            _belong(members, _grown(organization, rule, country, members).pk)


def _belong(decisions: Iterable[GuardDecision], incident_id: int) -> None:
    ids = [one.pk for one in decisions]
    GuardDecision.objects.filter(pk__among=ids).update(incident_id=incident_id)


def _grown(
    organization: Organization, rule: str, country: str, decisions: list[GuardDecision]
) -> GuardIncident:
    """Add decisions to the open incident; where there is none, open it and tell."""
    first, last = decisions[0].at, decisions[-1].at
    rows = GuardIncident.objects.select_for_update()
    incident, is_new = rows.get_or_create(
        organization=organization,
        rule=rule,
        country=country,
        ended_at=None,
        defaults={"started_at": first, "last_at": last},
    )
    subjects = Tally(incident.subjects)
    subjects.update(one.subject for one in decisions if one.subject)
    incident.subjects = dict(subjects.most_common(_KEPT_SUBJECTS))
    incident.stopped += len(decisions)
    incident.saved_micro += sum(one.cost_micro for one in decisions)
    incident.last_at = max(incident.last_at, last)
    incident.save(update_fields=["subjects", "stopped", "saved_micro", "last_at"])
    if is_new:
        _tell(incident, is_over=False)
    return incident


def _end_quiet() -> None:
    before = shared_time.now() - QUIET
    quiet = GuardIncident.objects.exclude(_waits_for_person()).filter(
        ended_at=None, last_at__lt=before
    )
    for incident in quiet.select_related("organization").order_by("pk")[:_AT_ONCE]:
        with transaction.atomic():
            still = GuardIncident.objects.filter(pk=incident.pk, ended_at=None)
            if still.update(ended_at=shared_time.now()):
                _tell(incident, is_over=True)


def _waits_for_person() -> Q:
    """Return which incidents go on though nothing comes: a cap of money stops all until then."""
    stopped = GuardBlock.objects.filter(rule=Rule.MONEY.value, until__gt=shared_time.now())
    return Q(rule=Rule.MONEY.value, organization__in=stopped.values("organization_id"))


def _tell(incident: GuardIncident, *, is_over: bool) -> None:
    organization = incident.organization
    spent = _spent(organization.pk)
    tell(
        NoticeKind.GUARD,
        organization,
        people=owners(organization),
        contacts=True,
        rule=RULES[Rule(incident.rule)].name,
        what=RULES[Rule(incident.rule)].what,
        to_do=RULES[Rule(incident.rule)].to_do,
        number=incident.rule,
        country=incident.country,
        stopped=incident.stopped,
        saved=incident.saved_micro / 1_000_000,
        spent=spent / 1_000_000,
        currency=_currency(organization.pk),
        subjects=list(incident.subjects)[:_LARGEST],
        is_over=is_over,
        share=0,
    )


def _spent(organization_id: int) -> int:
    """Return what one-time passwords cost in the hour that runs, in millionths."""
    return _cost(organization_id, Dimension.ORGANIZATION_HOUR, shared_time.now())


def _cost(organization_id: int, dimension: Dimension, at: datetime) -> int:
    rows = GuardCounter.objects.filter(
        organization_id=organization_id,
        dimension=dimension.value,
        bucket="",
        minute=minute_of(dimension, at.timestamp()),
    )
    return rows.values_list("cost_micro", flat=True).first() or 0


def _currency(organization_id: int) -> str:
    current = PriceVersion.current(organization_id)
    return current.currency if current else ""


def _tell_shares() -> None:
    """Tell once a day that 50 %, and that 80 %, of the cap of a day is used up."""
    now = shared_time.now()
    day = int(now.timestamp() // 86_400)
    capped = GuardSettings.objects.exclude(day_micro=None).select_related("organization")
    for chosen in capped:
        cap = chosen.day_micro or 0
        used = _cost(chosen.organization_id, Dimension.ORGANIZATION_DAY, now)
        share = next((share for share in _SHARES if cap and used * 100 >= cap * share), 0)
        told = chosen.told_share if chosen.told_day == day else 0
        if share > told:
            _tell_share(chosen, day, share, used)


@transaction.atomic
def _tell_share(chosen: GuardSettings, day: int, share: int, used: int) -> None:
    rows = GuardSettings.objects.filter(
        pk=chosen.pk, told_day=chosen.told_day, told_share=chosen.told_share
    )
    # Of workers at the same moment one changes the row.
    if not rows.update(told_day=day, told_share=share):
        return
    organization = chosen.organization
    tell(
        NoticeKind.GUARD,
        organization,
        people=owners(organization),
        contacts=True,
        rule=RULES[Rule.MONEY].name,
        to_do=RULES[Rule.MONEY].to_do,
        number=Rule.MONEY.value,
        share=share,
        spent=used / 1_000_000,
        cap=(chosen.day_micro or 0) / 1_000_000,
        currency=_currency(organization.pk),
        is_over=False,
    )
