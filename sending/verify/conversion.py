"""Recipients did what a code was for: every code of the verification counts as converted."""

from datetime import datetime

from sending.guard.conversions import ConversionSource, converted
from sending.models import Verification, VerificationAttempt


def report(verification: Verification, at: datetime) -> None:
    """Write down that a verification succeeded, in the transaction that says so."""
    own = VerificationAttempt.objects.filter(verification=verification, converted_at=None)
    message_ids = list(own.values_list("message_id", flat=True))
    own.update(converted_at=at)
    converted(verification.organization_id, message_ids, at, ConversionSource.VERIFY)
