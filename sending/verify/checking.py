"""A code comes back: right once, wrong at most five times, whoever asks at the same moment."""

import math
from datetime import datetime

from django.db.models import Case, F, Value, When

from accounts import shared_time
from sending.delivery.database import durably
from sending.models import Verification, VerificationState, VerifyService
from sending.verify import codes, conversion
from sending.verify.refusals import VerifyCode, VerifyRefused
from sending.verify.secret_keys import secret_keys

MOST_CHECKS = 5
_PENDING = VerificationState.PENDING.value
_MAX = VerificationState.MAX_ATTEMPTS_REACHED.value


def check(service: VerifyService, code: str, *, msisdn: str = "", sid: str = "") -> Verification:
    """Check a code against the verification of a number, or the one with this id.

    Return it as it is afterwards: APPROVED if the code was right. Raise VerifyRefused: MAX_CHECKS
    after five wrong ones until it ends, else NOT_PENDING where none waits.
    """
    now = shared_time.now()
    while True:
        found = _found(service, now, msisdn, sid)
        is_right = codes.is_right(secret_keys(), found.salt, found.code_hash, code)
        with durably():
            if _approve(found, now) if is_right else _count_wrong(found, now):
                # Before the commit: nothing may fail after it.
                found.refresh_from_db()
                return found
        # Somebody else was quicker: it is over, or has another code, or one check fewer is left.


def _found(service: VerifyService, now: datetime, msisdn: str, sid: str) -> Verification:
    """Return the verification that waits; raise VerifyRefused if none does."""
    own = Verification.objects.filter(service=service, organization_id=service.organization_id)
    if sid:
        own = own.with_sid(sid)
    else:
        own = own.of_number(msisdn, service.organization_id)
    found: Verification | None = own.select_related("service").order_by("-pk").first()
    if found is None or service.deleted_at:
        raise VerifyRefused(VerifyCode.NOT_PENDING)
    if found.state_at(now) is not VerificationState.PENDING:
        raise _refusal(found, now)
    return found


def _refusal(found: Verification, now: datetime) -> VerifyRefused:
    left = math.ceil((found.expires_at - now).total_seconds())
    if found.state == _MAX and left > 0:
        return VerifyRefused(VerifyCode.MAX_CHECKS, retry_after=left)
    return VerifyRefused(VerifyCode.NOT_PENDING)


def _approve(found: Verification, now: datetime) -> int:
    # Not a code that was replaced meanwhile.
    own = Verification.objects.open_at(now).filter(pk=found.pk, code_hash=found.code_hash)
    moved = own.filter(checks__lt=MOST_CHECKS).step(
        VerificationState.APPROVED, checks=F("checks") + 1, updated_at=now
    )
    if moved:
        conversion.report(found, now)
    return moved


def _count_wrong(found: Verification, now: datetime) -> int:
    """Count a wrong code, the fifth of which ends the verification, in one statement."""
    own = Verification.objects.open_at(now).filter(pk=found.pk, checks__lt=MOST_CHECKS)
    last = When(checks__gte=MOST_CHECKS - 1, then=Value(_MAX))
    return own.update(
        checks=F("checks") + 1, state=Case(last, default=Value(_PENDING)), updated_at=now
    )
