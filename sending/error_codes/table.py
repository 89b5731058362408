"""What every code of a message means: whose words it is, whether it is temporary, what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.error_codes.command_statuses import ASK_OPERATOR, COMMAND_STATUS_SENTENCES, WAIT
from sending.error_codes.network_codes import NETWORK_CODE_SENTENCES, SEND_LATER
from sending.error_codes.reasons import Reason
from sending.gateways.base import THROTTLED
from sending.lifecycle import MessageState
from sending.smpp.command_status import STATUSES, Status, describe
from sending.sms import originator, receipt


class Source(StrEnum):
    """Whose words a code is: answers of gateways, receipts of networks, or our own."""

    GATEWAY = "GATEWAY"
    NETWORK = "NETWORK"
    US = "US"


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """One line of the table. `state` is where the code leads; `temporary`: trying again may help.

    `what` says what happened, `to_do` what to do about it.
    """

    code: str
    source: Source
    state: MessageState
    temporary: bool
    what: str | Promise
    to_do: str | Promise


_Row = tuple[MessageState, bool, str | Promise, str | Promise]

_DOUBT = _("Wait for a receipt. Only an operator may send it again: it could arrive twice.")

_OURS: Mapping[str, _Row] = {
    Reason.NOT_SENT: (
        MessageState.QUEUED,
        True,
        _("It was taken from the queue but not sent: the connection was not ready."),
        WAIT,
    ),
    Reason.NO_ANSWER: (
        MessageState.IN_DOUBT,
        False,
        _("It was sent to the gateway and no answer came. The gateway may have it."),
        _DOUBT,
    ),
    Reason.SENDER_DIED: (
        MessageState.IN_DOUBT,
        False,
        _("The sending program stopped while this message was on its way."),
        _DOUBT,
    ),
    Reason.RESTORED: (
        MessageState.IN_DOUBT,
        False,
        _(
            "The console was restored from a backup, and this message may have left after the "
            "backup was made."
        ),
        _DOUBT,
    ),
    Reason.CANNOT_RENDER: (
        MessageState.REJECTED,
        False,
        _("This message's text or originator cannot be encoded for the gateway."),
        _("Check the text template and the originator, then send to this number again."),
    ),
    Reason.ORIGINATOR_NOT_APPROVED: (
        MessageState.REJECTED,
        False,
        _("Its originator is no longer approved for your organization, so it was not sent."),
        _("Choose an approved originator in the application, then send to this number again."),
    ),
    Reason.VALIDITY_OVER: (
        MessageState.EXPIRED,
        False,
        _("Its validity period ended before it could be sent, so it was not sent."),
        SEND_LATER,
    ),
    Reason.NO_RECEIPT: (
        MessageState.UNKNOWN,
        False,
        _("The gateway accepted it, and the network never said what became of it."),
        _("Do nothing: a late receipt still counts. Tell the operator if this happens often."),
    ),
    receipt.RECEIPT_WITHOUT_STATE: (
        MessageState.UNKNOWN,
        False,
        _("The delivery receipt does not say what became of it."),
        _("Tell the operator of this console: we cannot read the gateway's receipts."),
    ),
    receipt.RECEIPT_WITHOUT_ID: (
        MessageState.UNKNOWN,
        False,
        _("The delivery receipt does not say which message it is about."),
        _("Tell the operator of this console: we cannot read the gateway's receipts."),
    ),
    Reason.SUPPRESSED: (
        MessageState.BLOCKED,
        False,
        _("The number is on the suppression list, so it was not sent."),
        _("Do nothing. Only take the number off the list if its owner asks to get texts again."),
    ),
    Reason.GUARD_HELD: (
        MessageState.BLOCKED,
        False,
        _("The guard held it, and nobody released it before its time was over."),
        _("Look at the guard's decision. Trust the number or its block if it is a real person."),
    ),
    Reason.CANCELLED: (
        MessageState.CANCELLED,
        False,
        _("The task was cancelled before this message was sent."),
        _("Send a new task if it was cancelled by mistake."),
    ),
    Reason.TEXT_REVOKED: (
        MessageState.CANCELLED,
        False,
        _("An operator revoked its text or signature before it was sent."),
        _("Use another approved text, and ask the operator of this console why."),
    ),
    Reason.NUMBER_ERASED: (
        MessageState.CANCELLED,
        False,
        _("The number was erased before this message was sent."),
        _("Do nothing: whoever erased the number wanted it to get no more texts."),
    ),
    Reason.PARTLY_SENT: (
        MessageState.REJECTED,
        False,
        _("One gateway accepted part of this text, and the next one only takes whole texts."),
        _("Send to this number again. The handset does not show an incomplete text."),
    ),
    THROTTLED: (
        MessageState.QUEUED,
        True,
        _("It was sent faster than the gateway allows."),
        WAIT,
    ),
    **dict.fromkeys(
        originator.CODES,
        (
            MessageState.REJECTED,
            False,
            _("Networks do not accept its originator, so it was not sent."),
            _("Correct the originator of the task or the application, then send again."),
        ),
    ),
    **dict.fromkeys(
        ("NOT_BOUND", "BEFORE_WRITE", "CLOSING"),
        (
            MessageState.QUEUED,
            True,
            _("It was not sent: the gateway was not connected."),
            WAIT,
        ),
    ),
    "NOT_CONNECTED": (
        MessageState.QUEUED,
        True,
        _("It was not sent: the gateway could not be reached."),
        WAIT,
    ),
    "RESPONSE_TOO_LONG": (
        MessageState.IN_DOUBT,
        False,
        _("The gateway's answer was too long to read. It may have the message."),
        _DOUBT,
    ),
    "PDU_INVALID": (
        MessageState.REJECTED,
        False,
        _("This message does not fit the gateway's protocol."),
        ASK_OPERATOR,
    ),
    "RESPONSE_TIMEOUT": (
        MessageState.IN_DOUBT,
        False,
        _("The gateway did not answer in time. It may have the message."),
        _DOUBT,
    ),
    "RESPONSE_UNREADABLE": (
        MessageState.IN_DOUBT,
        False,
        _("The gateway's answer could not be read. It may have the message."),
        _DOUBT,
    ),
    "CONNECTION_LOST": (
        MessageState.IN_DOUBT,
        False,
        _("The connection was lost before the gateway answered. It may have the message."),
        _DOUBT,
    ),
    Reason.GIVEN_UP_BY_PERSON: (
        MessageState.UNKNOWN,
        False,
        _("It was in doubt, and an operator decided not to send it again."),
        _("Do nothing: a late receipt still counts."),
    ),
    Reason.SENT_AGAIN_BY_PERSON: (
        MessageState.QUEUED,
        True,
        _("It was in doubt, and an operator decided to send it again."),
        _("Do nothing: it is in the queue."),
    ),
}

_VENDOR_CODE = _("The gateway refused it with a code of its own.")
_ERROR_IN_DOUBT = _(
    "The gateway answered with an error that is not a refusal. It may have the message."
)
_NOT_REFUSED = frozenset({MessageState.IN_DOUBT, MessageState.UNKNOWN})
_UNKNOWN_CODE = _("The network gave this code. Only the network can explain it.")


def table() -> Iterator[CodeMeaning]:
    """Yield every code that has a sentence: ours, those of gateways, those of networks."""
    for code in _OURS:
        yield _ours(code)
    for status in STATUSES.values():
        if status.value:
            yield _status(status)
    yield _status(_GENERIC_NACK)
    for code in NETWORK_CODE_SENTENCES:
        yield _network(code)


def explain(code: str, state: MessageState | str | None = None) -> CodeMeaning:
    """Return what a message's code means; an unknown code is explained as far as possible.

    `state` is where the message is: the same code of a gateway's own may have left one in doubt
    and be another one's refusal.
    """
    if code in _OURS:
        return _ours(code)
    if code in _STATUS_BY_NAME:
        return _status(_STATUS_BY_NAME[code])
    if code == _GENERIC_NACK.name:
        return _status(_GENERIC_NACK)
    if code.startswith(("VENDOR_", "RESERVED_", "HTTP_")):
        if state in _NOT_REFUSED:
            return CodeMeaning(
                code,
                Source.GATEWAY,
                MessageState.IN_DOUBT,
                temporary=False,
                what=_ERROR_IN_DOUBT,
                to_do=_DOUBT,
            )
        return CodeMeaning(
            code,
            Source.GATEWAY,
            MessageState.REJECTED,
            temporary=False,
            what=_VENDOR_CODE,
            to_do=ASK_OPERATOR,
        )
    return _network(code)


@cache
def temporary_codes() -> frozenset[str]:
    """Return every code whose meaning is temporary, as it may be written: 006, 06 and 6."""
    codes = {meaning.code for meaning in table() if meaning.temporary}
    shorter = {
        code.lstrip("0").zfill(width)
        for code in codes & NETWORK_CODE_SENTENCES.keys()
        for width in (1, 2)
    }
    return frozenset(codes | shorter)


def _ours(code: str) -> CodeMeaning:
    return CodeMeaning(str(code), Source.US, *_OURS[code])


def _status(status: Status) -> CodeMeaning:
    what, to_do = COMMAND_STATUS_SENTENCES[status.name]
    state = MessageState.QUEUED if status.temporary else MessageState.REJECTED
    return CodeMeaning(status.name, Source.GATEWAY, state, status.temporary, what, to_do)


def _network(code: str) -> CodeMeaning:
    digits = code.lstrip("0").zfill(3) if code.isdecimal() and code.isascii() else code
    temporary, what, to_do = NETWORK_CODE_SENTENCES.get(digits, (False, _UNKNOWN_CODE, SEND_LATER))
    return CodeMeaning(code, Source.NETWORK, MessageState.UNDELIVERABLE, temporary, what, to_do)


# The answer to a PDU whose header could not be read (SMPP 3.4, 4.3).
_GENERIC_NACK = Status(-1, "GENERIC_NACK")
_STATUS_BY_NAME = {status.name: describe(status.value) for status in STATUSES.values()}
