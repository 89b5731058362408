"""Recipients did what a code was for: every code of the verification counts as converted."""

from datetime import datetime

from sending.models import ApiMessage, Verification, VerificationAttempt


def report(verification: Verification, at: datetime) -> None:
    """Write down that a verification succeeded, in the transaction that says so."""
    own = VerificationAttempt.objects.filter(verification=verification, converted_at=None)
    message_ids = list(own.values_list("message_id", flat=True))
    own.update(converted_at=at)
    _tell(verification.organization_id, message_ids, at)


def _tell(organization_id: int, message_ids: list[int], at: datetime) -> None:
    own = ApiMessage.objects.filter(organization_id=organization_id, converted_at=None)
    own.filter(message_id__among=message_ids).update(converted_at=at)
