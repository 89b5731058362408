"""What an export says of a message."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.masking import masked
from sending.models.choices import MESSAGE_STATE_LABELS, SAID_BY_LABELS
from sending.sms.pricing import MICRO
from sending.spreadsheets.writer import Value

EXPORTED = (
    "row",
    "msisdn",
    "country",
    "state",
    "said_by",
    "code",
    "segments",
    "cost_micro",
    "state_at",
    "pk",
)


def message_headings(currency: str) -> list[str]:
    """Return the headings over MessageCells."""
    return [
        _("Row"),
        _("Mobile number"),
        _("Country"),
        _("State"),
        _("Who said so"),
        _("Code"),
        _("Segments"),
        _("Cost, %(currency)s") % {"currency": currency},
        _("Last change"),
        _("Message"),
    ]


class MessageCells:
    """Makes cells of messages, in the reader's language; without `whole_numbers` masked."""

    def __init__(self, zone: ZoneInfo, *, whole_numbers: bool) -> None:
        self._zone = zone
        self._whole_numbers = whole_numbers
        self._erased = _("Erased")
        # Each label is put into words once.
        self._states = {state.value: str(label) for state, label in MESSAGE_STATE_LABELS.items()}
        self._sayers = {who.value: str(label) for who, label in SAID_BY_LABELS.items()}

    def of(self, exported: Sequence[Any]) -> list[Value]:
        """Return the cells of one message, given as EXPORTED."""
        row, msisdn, country, state, who, code, segments, micro, changed, pk = exported
        return [
            row,
            # Without the plus a spreadsheet program takes it for no formula.
            (msisdn if self._whole_numbers else masked(msisdn)).removeprefix("+") or self._erased,
            country,
            self._states[state],
            self._sayers[who],
            code,
            segments,
            micro / MICRO,
            changed.astimezone(self._zone).isoformat(timespec="seconds"),
            # Longer than the 15 digits that spreadsheet programs keep of a number.
            f"id {pk}",
        ]
