"""How long the desk keeps what only reviewers read."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings

from accounts import shared_time
from templates_app.models import DecisionState, DeskDecision, PrivateNote

_AT_ONCE = 1_000
_OVER = (DecisionState.APPLIED.value, DecisionState.TAKEN_BACK.value, DecisionState.VOID.value)


def forget_old() -> int:
    """Delete private notes and closed decisions of before KEEP_DESK_DAYS; return how many.

    What was decided stays as a review. A decision that still may take effect stays, too.
    """
    before = shared_time.now() - timedelta(days=settings.KEEP_DESK_DAYS)
    # Any organization: what is old is old.
    notes = PrivateNote.objects.filter(at__lt=before)
    decisions = DeskDecision.objects.filter(given_at__lt=before, state__in=_OVER)
    return sum(_deleted(notes)) + sum(_deleted(decisions))


def _deleted(rows: Any) -> Iterator[int]:
    """Delete rows slice by slice; yield how many each time."""
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        rows.model.objects.filter(pk__in=ids).delete()
        yield len(ids)
