"""Verifications: closed when their code counts no more, numbers erased at once, rows when old."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts import shared_time
from accounts.models import Organization
from sending.intake import row_storage
from sending.lifecycle import MessageState
from sending.models import (
    Message,
    Verification,
    VerificationAttempt,
    VerificationState,
    VerifyRateUse,
    VerifyService,
)
from sending.retention import periods

_PENDING = VerificationState.PENDING.value
# Of a code that surely never reached anybody.
_NEVER_SENT = (
    *(MessageState.CANCELLED.value, MessageState.BLOCKED.value),
    *(MessageState.REJECTED.value, MessageState.EXPIRED.value),
)


def delete_due() -> int:
    """Close and erase what is over, and delete what is old; return how many rows that changed."""
    now = shared_time.now()
    return _close(now) + _erase(now) + _delete() + _forget_uses(now)


def _close(now: datetime) -> int:
    """Write down that codes count no more, and of which none ever left."""
    over = Verification.objects.filter(state=_PENDING, expires_at__lte=now).exclude(msisdn="")
    closed = 0
    for ids in _blocks(over):
        left = _left(ids)
        own = Verification.objects.filter(pk__among=ids, expires_at__lte=now)
        closed += own.filter(pk__among=left).step(VerificationState.EXPIRED, updated_at=now)
        closed += own.step(VerificationState.FAILED, updated_at=now)
    return closed


def _left(ids: list[int]) -> list[int]:
    """Return the verifications of which a code may have left."""
    attempts = VerificationAttempt.objects.filter(verification__in=ids)
    of_messages = dict(attempts.values_list("message_id", "verification"))
    never = Message.objects.filter(pk__among=list(of_messages), state__in=_NEVER_SENT)
    stayed = set(never.values_list("pk", flat=True))
    return sorted({owner for message, owner in of_messages.items() if message not in stayed})


def _erase(now: datetime) -> int:
    """Erase the numbers of what no longer waits; a digest stays."""
    over = Verification.objects.exclude(msisdn="").exclude(state=_PENDING, expires_at__gt=now)
    return sum(
        Verification.objects.filter(pk__among=ids).update(msisdn="") for ids in _blocks(over)
    )


def _delete() -> int:
    old = Verification.objects.filter(created_at__lt=periods.verifications_before())
    return sum(Verification.objects.filter(pk__among=ids).delete()[0] for ids in _blocks(old))


def _forget_uses(now: datetime) -> int:
    """Delete what rate limits ask no more."""
    uses = VerifyRateUse.objects.filter(ends_at__lt=now)
    # The condition once more: a program may count in a row just now.
    return sum(uses.filter(pk__among=ids).delete()[0] for ids in _blocks(uses))


def about_number(msisdn: str, organization: Organization | None) -> Iterator[dict[str, Any]]:
    """Yield what is known of the verifications of a number."""
    columns = ("service__friendly_name", "state", "country", "sends", "checks", "created_at")
    for rows in _of_number(msisdn, organization):
        yield from rows.order_by("-pk").values("organization_id", *columns)


def erase_number(msisdn: str, organization: Organization | None) -> int:
    """End what waits for a code of a number, and erase all that tells whose it was."""
    now, erased = shared_time.now(), 0
    for rows in _of_number(msisdn, organization):
        ids = list(rows.values_list("pk", flat=True))
        own = Verification.objects.filter(pk__among=ids)
        own.step(VerificationState.CANCELED, updated_at=now)
        VerificationAttempt.objects.filter(verification__in=ids).update(prefix="")
        erased += own.update(msisdn="", number_digest="", prefix="")
    return erased


def _of_number(msisdn: str, organization: Organization | None) -> Iterator[QuerySet[Verification]]:
    """Yield the verifications of a number in each organization, by the index of its services."""
    for owner in [organization] if organization else Organization.objects.order_by("pk"):
        own = VerifyService.objects.for_organization(owner).values("pk")
        yield Verification.objects.of_number(msisdn, owner.pk).filter(service__in=own)


def _blocks(rows: QuerySet[Any]) -> Iterator[list[int]]:
    size = row_storage.block_rows(scattered=True)
    while ids := list(rows.order_by().values_list("pk", flat=True)[:size]):
        yield ids
        row_storage.pause()
