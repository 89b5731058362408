"""What the receipts of a gateway have shown against its setting, in a sentence with its fix."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from sending.models import Gateway

_LATELY = timedelta(days=7)


class ReceiptWarning(NamedTuple):
    """What was seen, and what to change."""

    sentence: str
    fix: str


def receipt_warning(gateway: Gateway, now: datetime) -> ReceiptWarning | None:
    """Return how the setting for receipts of long messages is wrong, where that has shown."""
    since = now - _LATELY
    of_segments, lone = gateway.segment_receipts_at, gateway.lone_receipt_at
    if of_segments and not gateway.receipts_per_segment:
        return ReceiptWarning(
            _("Segments of one message had receipts of their own here, although one receipt is to "
              "cover the whole message. Until that is changed, a long message is delivered when "
              "each of its segments is; earlier ones may have arrived in part."),
            _("Turn on “a receipt for every segment”."),
        )  # fmt: skip
    if lone and lone > since and not (of_segments and of_segments > since):
        return ReceiptWarning(
            _("Long messages end as unknown here: a receipt came for one of their segments, and "
              "none for the others."),
            _("If the carrier gives one receipt for the whole message, turn off “a receipt for "
              "every segment”."),
        )  # fmt: skip
    return None
