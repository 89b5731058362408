"""What every code of a message means: who decides with it, whether it passes, and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.delivery.verdict import Reason
from sending.gateways.base import THROTTLED
from sending.lifecycle import MessageState
from sending.smpp.command_status import STATUSES, Status, describe
from sending.sms import originator


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

_WAIT = _("Nothing: it is sent again by itself.")
_ASK_OPERATOR = _("Tell the operator of this console: the gateway's settings are wrong.")
_CHECK_NUMBER = _("Check the number with your customer, and remove it if it is no longer used.")
_SEND_LATER = _("Send it again later if it is still useful.")

_DOUBT = _("Wait for a receipt. Only an operator may send it again: it could arrive twice.")

_OURS: Mapping[str, _Row] = {
    Reason.NOT_SENT: (
        MessageState.QUEUED,
        True,
        _("It was taken from the queue and not written: the connection was not ready."),
        _WAIT,
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
        _SEND_LATER,
    ),
    Reason.NO_RECEIPT: (
        MessageState.UNKNOWN,
        False,
        _("The gateway took it, and the network never said what became of it."),
        _("Nothing: a late receipt still counts. If it is frequent, tell the operator."),
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
        _WAIT,
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
            _WAIT,
        ),
    ),
    "NOT_CONNECTED": (
        MessageState.QUEUED,
        True,
        _("It was not written: the gateway could not be reached."),
        _WAIT,
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
        _ASK_OPERATOR,
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

# 3GPP TS 29.002, 17.6.6: the errors of mobile networks, by their decimal numbers, which most
# gateways write into `err` of a receipt (SMPP 3.4, appendix B leaves the field to the network).
_NETWORK: Mapping[str, tuple[bool, str | Promise, str | Promise]] = {
    "001": (False, _("Unknown subscriber: the number is not in use."), _CHECK_NUMBER),
    "005": (False, _("Unidentified subscriber: the network does not know it."), _CHECK_NUMBER),
    "006": (True, _("The handset was off or out of reach for text messages."), _SEND_LATER),
    "009": (False, _("Illegal subscriber: the network does not serve it."), _CHECK_NUMBER),
    "011": (
        False,
        _("The subscriber's contract has no text messages."),
        _("Reach this person another way."),
    ),
    "012": (
        False,
        _("Illegal equipment: the network has barred this handset."),
        _("Reach this person another way."),
    ),
    "013": (
        False,
        _("Call barred: the subscriber or the network does not take such messages."),
        _("Do not send to this number again without asking."),
    ),
    "021": (
        False,
        _("The network of the subscriber does not support text messages."),
        _("Reach this person another way."),
    ),
    "027": (True, _("Absent subscriber: the handset was off or out of reach."), _SEND_LATER),
    "031": (True, _("The handset was busy with another text message."), _SEND_LATER),
    "032": (
        True,
        _("The handset could not take it: its memory may be full."),
        _SEND_LATER,
    ),
    "033": (True, _("Too many messages already wait for this handset."), _SEND_LATER),
    "034": (True, _("The network had a fault."), _SEND_LATER),
    "035": (False, _("The network missed data in the message."), _ASK_OPERATOR),
    "036": (False, _("The network did not expect a value of the message."), _ASK_OPERATOR),
}

# What is wrong with the login or with how a message is written; these name their field.
_STATUS_WORDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "GENERIC_NACK": (_("The gateway could not read our submit_sm."), _ASK_OPERATOR),
    "ESME_RINVMSGLEN": (_("The gateway says that the text is too long."), _ASK_OPERATOR),
    "ESME_RINVBNDSTS": (_("The gateway had lost the connection."), _WAIT),
    "ESME_RALYBND": (_("The gateway counts another connection of ours."), _WAIT),
    "ESME_RSYSERR": (_("The gateway had a fault."), _WAIT),
    "ESME_RINVSRCADR": (
        _("The gateway does not allow this originator."),
        _("Use an originator that is registered for this country, or ask the operator."),
    ),
    "ESME_RINVDSTADR": (
        _("The gateway says that this number is wrong or that it does not serve it."),
        _CHECK_NUMBER,
    ),
    "ESME_RBINDFAIL": (_("The gateway refused the connection."), _WAIT),
    "ESME_RINVPASWD": (_("The gateway refused the password."), _ASK_OPERATOR),
    "ESME_RINVSYSID": (_("The gateway does not know our login."), _ASK_OPERATOR),
    "ESME_RMSGQFUL": (_("The gateway's queue is full."), _WAIT),
    "ESME_RTHROTTLED": (_("It was sent faster than the gateway allows."), _WAIT),
    "ESME_RX_T_APPN": (_("The gateway asks to try again later."), _WAIT),
    "ESME_RX_P_APPN": (_("The gateway refused it for good."), _ASK_OPERATOR),
    "ESME_RX_R_APPN": (_("The gateway rejected the message."), _ASK_OPERATOR),
    "ESME_RSUBMITFAIL": (_("The gateway could not take the message."), _ASK_OPERATOR),
    "ESME_RINVEXPIRY": (_("The gateway does not allow this validity."), _ASK_OPERATOR),
    "ESME_RDELIVERYFAILURE": (_("The gateway could not deliver it."), _ASK_OPERATOR),
    "ESME_RUNKNOWNERR": (_("The gateway refused it and does not say why."), _ASK_OPERATOR),
}
_STATUS_OTHERWISE = _("The gateway found a mistake in a field of the submit_sm.")
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
    for code in _NETWORK:
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
            to_do=_ASK_OPERATOR,
        )
    return _network(code)


@cache
def temporary_codes() -> frozenset[str]:
    """Return every code whose meaning is temporary, as it may be written: 006, 06 and 6."""
    codes = {meaning.code for meaning in table() if meaning.temporary}
    shorter = {
        code.lstrip("0").zfill(width) for code in codes & _NETWORK.keys() for width in (1, 2)
    }
    return frozenset(codes | shorter)


def _ours(code: str) -> Meaning:
    return Meaning(str(code), Source.US, *_OURS[code])


def _status(status: Status) -> Meaning:
    what, to_do = _STATUS_WORDS.get(status.name, (_STATUS_OTHERWISE, _ASK_OPERATOR))
    state = MessageState.QUEUED if status.temporary else MessageState.REJECTED
    return Meaning(status.name, Source.GATEWAY, state, status.temporary, what, to_do)


def _network(code: str) -> Meaning:
    digits = code.zfill(3) if code.isdecimal() and code.isascii() else code
    temporary, what, to_do = _NETWORK.get(digits, (False, _NO_CODE_OF_OURS, _SEND_LATER))
    return Meaning(code, Source.NETWORK, MessageState.UNDELIVERABLE, temporary, what, to_do)


# The answer to a PDU whose header could not be read (SMPP 3.4, 4.3).
_GENERIC_NACK = Status(-1, "GENERIC_NACK")
_STATUS_BY_NAME = {status.name: describe(status.value) for status in STATUSES.values()}
