"""States and codes of messages in the words of the dialect, whose SDKs know no others."""

from collections.abc import Mapping

from sending.lifecycle import MessageState

SCHEDULED = "scheduled"
CANCELLED = "canceled"

_STATUSES: Mapping[MessageState, str] = {
    MessageState.QUEUED: "queued",
    MessageState.SUBMITTING: "sending",
    MessageState.IN_DOUBT: "sending",
    MessageState.SUBMITTED: "sent",
    MessageState.DELIVERED: "delivered",
    MessageState.UNDELIVERABLE: "undelivered",
    MessageState.EXPIRED: "undelivered",
    MessageState.REJECTED: "failed",
    MessageState.BLOCKED: "failed",
    # Nobody has said that it arrived or that it did not.
    MessageState.UNKNOWN: "sent",
    MessageState.CANCELLED: CANCELLED,
}
_FAILED = frozenset(
    {
        MessageState.UNDELIVERABLE,
        MessageState.EXPIRED,
        MessageState.REJECTED,
        MessageState.BLOCKED,
    }
)
# Codes of ours, and of SMPP 3.4, 5.1.3; a test keeps the former to those there are.
CODES_OF_ENDS: Mapping[str, int] = {
    "SUPPRESSED": 30004,
    "NUMBER_ERASED": 30004,
    "VALIDITY_OVER": 30036,
    "NO_RECEIPT": 30008,
    "NO_ANSWER": 30410,
    "ORIGINATOR_NOT_APPROVED": 30018,
    "ESME_RMSGQFUL": 30001,
    "ESME_RTHROTTLED": 30001,
    "ESME_RINVDSTADR": 30005,
    "ESME_RINVSRCADR": 30018,
}


def status_of(state: MessageState) -> str:
    """Return the word for a state."""
    return _STATUSES[state]


def error_code_of(state: MessageState, code: str) -> int | None:
    """Return why a message failed, None where it did not."""
    if state not in _FAILED:
        return None
    if code in CODES_OF_ENDS:
        return CODES_OF_ENDS[code]
    return {MessageState.EXPIRED: 30036, MessageState.BLOCKED: 30004}.get(state, 30008)
