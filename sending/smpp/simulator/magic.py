"""The magic numbers: how the last four digits of a destination choose its outcome."""

from __future__ import annotations

from dataclasses import dataclass

from sending.smpp.command_status import ESME_RINVDSTADR, ESME_RMSGQFUL


@dataclass(frozen=True, slots=True)
class MagicOutcome:
    """What becomes of one submit_sm.

    ``stat`` and ``err`` are the words of the receipt (SMPP 3.4 appendix B); ``receipts`` says
    how many times it comes.
    """

    meaning: str
    stat: str = "DELIVRD"
    err: str = "000"
    receipts: int = 1
    refused: int | None = None
    throttled_first: bool = False
    answered: bool = True
    cut: bool = False
    late: bool = False
    receipt_first: bool = False


DELIVERED = MagicOutcome("accepted, then delivered")

VENDOR_REFUSAL = 0x00000410

MAGIC_NUMBERS: dict[str, MagicOutcome] = {
    "9901": MagicOutcome("accepted, then undeliverable", stat="UNDELIV", err="001"),
    "9902": MagicOutcome("accepted, then expired", stat="EXPIRED", err="027"),
    "9903": MagicOutcome("accepted, then rejected by the network", stat="REJECTD", err="088"),
    "9904": MagicOutcome("refused with ESME_RINVDSTADR", refused=ESME_RINVDSTADR),
    "9905": MagicOutcome("throttled once, then accepted and delivered", throttled_first=True),
    "9906": MagicOutcome("accepted, no receipt ever", receipts=0),
    "9907": MagicOutcome("accepted, the receipt comes twice", receipts=2),
    "9908": MagicOutcome("accepted, the receipt comes late", late=True),
    "9909": MagicOutcome("accepted but never answered, the receipt comes", answered=False),
    "9910": MagicOutcome("accepted, then the connection is cut before the answer", cut=True),
    "9911": MagicOutcome("refused with a status of the vendor's own", refused=VENDOR_REFUSAL),
    "9912": MagicOutcome("the receipt comes before the answer", receipt_first=True),
    "9913": MagicOutcome("refused with ESME_RMSGQFUL every time", refused=ESME_RMSGQFUL),
}


def outcome_of(destination_addr: str) -> MagicOutcome:
    """The outcome that this destination's last four digits ask for."""
    return MAGIC_NUMBERS.get(destination_addr[-4:], DELIVERED)
