"""What the guard knows of one number: for who asks why a person got no code."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts import shared_time
from accounts.models import Organization
from sending.guard.rules.names import Dimension, Rule
from sending.guard.rules.ranges import ranges_of
from sending.models import GuardBlock, GuardDecision, GuardTrust
from sending.models.guard_digest import guard_digests


@dataclass(frozen=True, slots=True)
class KnownOfNumber:
    """Decisions, the newest first; what stops it now; until when it is trusted."""

    decisions: QuerySet[GuardDecision]
    blocks: list[GuardBlock]
    trusted_until: datetime | None


def look_up(organization: Organization, msisdn: str, country: str) -> KnownOfNumber:
    """Return what the guard of an organization knows of an E.164 number."""
    now, digests = shared_time.now(), guard_digests(msisdn, organization.pk)
    ranges = ranges_of(msisdn)
    stops = Q(dimension=Dimension.COUNTRY.value, bucket=country)
    stops |= Q(rule=Rule.MONEY.value, bucket__in=("", country))
    for dimension, block in (
        (Dimension.THOUSAND, ranges.thousand),
        (Dimension.TEN_THOUSAND, ranges.ten_thousand),
        (Dimension.HUNDRED_THOUSAND, ranges.hundred_thousand),
    ):
        stops |= Q(dimension=dimension.value, bucket=str(block))
    trust = GuardTrust.objects.for_organization(organization).filter(
        number_digest__in=digests, until__gt=now
    )
    decisions = GuardDecision.objects.for_organization(organization)
    blocks = GuardBlock.objects.for_organization(organization).filter(until__gt=now)
    return KnownOfNumber(
        decisions.filter(number_digest__in=digests).order_by("-at", "-pk"),
        list(blocks.filter(stops).order_by("until")),
        trust.order_by("-until").values_list("until", flat=True).first(),
    )
