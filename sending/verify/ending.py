"""Verifications that end without a right code: cancelled, approved by a program, deleted."""

from accounts import shared_time
from accounts.models import User
from sending.delivery import by_program
from sending.delivery.database import durably
from sending.models import Verification, VerificationState, VerifyService
from sending.verify import conversion
from sending.verify.refusals import VerifyCode, VerifyRefused
from sending.verify.service_settings import record


def cancel(verification: Verification) -> Verification:
    """Let its code count no more, nor leave if it has not; raise VerifyRefused if it is over."""
    now = shared_time.now()
    own = Verification.objects.open_at(now).filter(pk=verification.pk)
    with durably():
        if not own.step(VerificationState.CANCELED, updated_at=now):
            raise VerifyRefused(VerifyCode.NOT_PENDING)
        for message_id in verification.attempts.values_list("message_id", flat=True):
            by_program.cancel(verification.application_id, message_id)
        verification.refresh_from_db()
    return verification


def approve(verification: Verification) -> Verification:
    """Believe a program that its own code was right: it counts as converted. Raise VerifyRefused.

    Only where the program brought the code: whether ours is right, it must ask.
    """
    now = shared_time.now()
    own = Verification.objects.open_at(now).filter(pk=verification.pk)
    with durably():
        if own.filter(has_custom_code=True).step(VerificationState.APPROVED, updated_at=now):
            conversion.report(verification, now)
            verification.refresh_from_db()
            return verification
    raise VerifyRefused(VerifyCode.NOT_CUSTOM if own.exists() else VerifyCode.NOT_PENDING)


def delete_service(service: VerifyService, *, actor: User | None = None) -> None:
    """Delete a service; its codes count no more, its figures stay until they are old."""
    now = shared_time.now()
    with durably():
        own = VerifyService.objects.kept().filter(pk=service.pk)
        if own.update(deleted_at=now, updated_at=now):
            waiting = Verification.objects.filter(service=service)
            waiting.step(VerificationState.DELETED, updated_at=now)
            record("verifyservice.deleted", service, actor)
        service.refresh_from_db()
