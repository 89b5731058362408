"""What every code of a message means: who decides with it, whether it passes, and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.error_codes.command_statuses import ASK_OPERATOR, STATUS_WORDS, WAIT
from sending.error_codes.network_codes import NETWORK_WORDS, SEND_LATER
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
class Meaning:
    """One line of the table. `state` is where the code leads; `temporary`: it may pass by itself.

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
        _("It was taken from the queue and not written: the connection was not ready."),
        WAIT,
    ),
    Reason.NO_ANSWER: (
        MessageState.IN_DOUBT,
        False,
        _("It was written to the gateway, and no answer came. The gateway may have it."),
        _DOUBT,
    ),
    Reason.SENDER_DIED: (
        MessageState.IN_DOUBT,
        False,
        _("The sending program ended while this message was on its way."),
        _DOUBT,
    ),
    Reason.CANNOT_RENDER: (
        MessageState.REJECTED,
        False,
        _("The text or the originator of this message cannot be written for the gateway."),
        _("Check the text template and the originator, then send to this number again."),
    ),
    Reason.VALIDITY_OVER: (
        MessageState.EXPIRED,
        False,
        _("Its validity ended before it could be sent, so it was not sent."),
        SEND_LATER,
    ),
    Reason.NO_RECEIPT: (
        MessageState.UNKNOWN,
        False,
        _("The gateway took it, and the network never said what became of it."),
        _("Nothing: a late receipt still counts. If it is frequent, tell the operator."),
    ),
    receipt.RECEIPT_WITHOUT_STATE: (
        MessageState.UNKNOWN,
        False,
        _("A receipt came that does not say what became of it."),
        _("Tell the operator of this console: the gateway's receipts cannot be read."),
    ),
    receipt.RECEIPT_WITHOUT_ID: (
        MessageState.UNKNOWN,
        False,
        _("A receipt came that does not say which message it speaks of."),
        _("Tell the operator of this console: the gateway's receipts cannot be read."),
    ),
    Reason.SUPPRESSED: (
        MessageState.BLOCKED,
        False,
        _("The number was put on the suppression list, so it was not sent."),
        _("Nothing. Take the number off the list only when its owner asked for texts again."),
    ),
    Reason.CANCELLED: (
        MessageState.CANCELLED,
        False,
        _("The task was cancelled before this message was sent."),
        _("Send a new task if it was cancelled by mistake."),
    ),
    Reason.PARTLY_SENT: (
        MessageState.REJECTED,
        False,
        _("One gateway took a part of this text, and the next one takes whole texts only."),
        _("Send to this number again; the part that was taken shows as no message."),
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
            _("Its originator is not one that networks accept, so it was not sent."),
            _("Correct the originator of the task or the application, then send again."),
        ),
    ),
    **dict.fromkeys(
        ("NOT_BOUND", "BEFORE_WRITE", "CLOSING"),
        (
            MessageState.QUEUED,
            True,
            _("It was not written: the gateway was not connected."),
            WAIT,
        ),
    ),
    "NOT_CONNECTED": (
        MessageState.QUEUED,
        True,
        _("It was not written: the gateway could not be reached."),
        WAIT,
    ),
    "RESPONSE_TOO_LONG": (
        MessageState.IN_DOUBT,
        False,
        _("The gateway's answer was too long to be read. It may have the message."),
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
        _("The connection was cut before the gateway answered. It may have the message."),
        _DOUBT,
    ),
    Reason.GIVEN_UP_BY_PERSON: (
        MessageState.UNKNOWN,
        False,
        _("It was in doubt, and an operator decided not to send it again."),
        _("Nothing: a late receipt still counts."),
    ),
    Reason.SENT_AGAIN_BY_PERSON: (
        MessageState.QUEUED,
        True,
        _("It was in doubt, and an operator decided to send it again."),
        _("Nothing: it is in the queue."),
    ),
}

_VENDOR_WORDS = _("The gateway refused it with a code of its own.")
_NO_CODE_OF_OURS = _("The network gave this code, which only its operator can explain.")


def table() -> Iterator[Meaning]:
    """Yield every code that has a sentence: ours, those of gateways, those of networks."""
    for code in _OURS:
        yield _ours(code)
    for status in STATUSES.values():
        if status.value:
            yield _status(status)
    yield _status(_GENERIC_NACK)
    for code in NETWORK_WORDS:
        yield _network(code)


def explain(code: str) -> Meaning:
    """Return what a message's code means; a code nobody knows is explained as far as it goes."""
    if code in _OURS:
        return _ours(code)
    if code in _STATUS_BY_NAME:
        return _status(_STATUS_BY_NAME[code])
    if code == _GENERIC_NACK.name:
        return _status(_GENERIC_NACK)
    if code.startswith(("VENDOR_", "RESERVED_", "HTTP_")):
        return Meaning(
            code,
            Source.GATEWAY,
            MessageState.REJECTED,
            temporary=False,
            what=_VENDOR_WORDS,
            to_do=ASK_OPERATOR,
        )
    return _network(code)


@cache
def temporary_codes() -> frozenset[str]:
    """Return every code whose meaning is temporary, as it may be written: 006, 06 and 6."""
    codes = {meaning.code for meaning in table() if meaning.temporary}
    shorter = {
        code.lstrip("0").zfill(width) for code in codes & NETWORK_WORDS.keys() for width in (1, 2)
    }
    return frozenset(codes | shorter)


def _ours(code: str) -> Meaning:
    return Meaning(str(code), Source.US, *_OURS[code])


def _status(status: Status) -> Meaning:
    what, to_do = STATUS_WORDS[status.name]
    state = MessageState.QUEUED if status.temporary else MessageState.REJECTED
    return Meaning(status.name, Source.GATEWAY, state, status.temporary, what, to_do)


def _network(code: str) -> Meaning:
    digits = code.lstrip("0").zfill(3) if code.isdecimal() and code.isascii() else code
    temporary, what, to_do = NETWORK_WORDS.get(digits, (False, _NO_CODE_OF_OURS, SEND_LATER))
    return Meaning(code, Source.NETWORK, MessageState.UNDELIVERABLE, temporary, what, to_do)


# The answer to a PDU whose header could not be read (SMPP 3.4, 4.3).
_GENERIC_NACK = Status(-1, "GENERIC_NACK")
_STATUS_BY_NAME = {status.name: describe(status.value) for status in STATUSES.values()}
