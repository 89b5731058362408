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
    # What the handset answers once it has the message.
    answer: str = ""


DELIVERED = MagicOutcome("accepted, then delivered")

VENDOR_REFUSAL = 0x00000410
# Three segments of UCS-2, with a surrogate pair.
LONG_ANSWER = (
    "Grüße aus Łódź, 您好, שלום 👋! Thank you for the message. We will be there on Thursday at "
    "nine, all four of us, if the ferry runs; otherwise we take the bus at half past and come a "
    "little later."
)

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
    "9914": MagicOutcome("delivered, then answered with STOP", answer="STOP"),
    "9915": MagicOutcome("delivered, then answered with START", answer="Start"),
    "9916": MagicOutcome("delivered, then answered in three segments", answer=LONG_ANSWER),
    "9917": MagicOutcome("delivered, then answered briefly", answer="Thanks, see you at 9 (€5 ok)"),
}


def outcome_of(destination_addr: str) -> MagicOutcome:
    """The outcome that this destination's last four digits ask for."""
    return MAGIC_NUMBERS.get(destination_addr[-4:], DELIVERED)
