"""replace_sm: another text for a message that still waits, under the id that the client knows."""

from collections.abc import Iterable
from datetime import datetime

from accounts import shared_time
from accounts.errors import MayNotSend
from accounts.statements import Statement
from sending.acceptance.messages import Answers, accept_messages
from sending.acceptance.request import AcceptedMessage, RefusedMessage
from sending.delivery import by_program
from sending.models import ApiMessage, PartState, SmppAccount, SmppPart
from sending.smpp.command_status import ESME_RREPLACEFAIL
from sending.smpp.operations import ReplaceSm
from sending.smpp.pdu import SubmitSm
from sending.smpp_server.accepting import door_of, wanted_of
from sending.smpp_server.cancelling import parts_of
from sending.smpp_server.reading import read, text_of
from sending.smpp_server.receipt_text import shown_of
from sending.smpp_server.statuses import PduRefusal, PduRefused, status_of

_FAILED = PduRefusal(ESME_RREPLACEFAIL, "NOT_WAITING")


class _NotWaiting(Exception):
    """The message has been sent meanwhile; nothing of the new one may stay."""


def replace(account: SmppAccount, wanted: ReplaceSm) -> PduRefusal | None:
    """Replace the text and the times of a message; return why not, or None when it is done.

    Times that the client leaves out stay. A text of several segments is not replaced.
    """
    named = parts_of(account, wanted.message_id, wanted.source_addr)
    if len(named) != 1 or named[0].state != PartState.ACCEPTED.value or named[0].total > 1:
        return _FAILED
    try:
        return _replace(account, named[0], wanted)
    except PduRefused as refused:
        return refused.refusal
    except MayNotSend as error:
        return PduRefusal(status_of(error.code), error.code, str(error))
    except _NotWaiting:
        return _FAILED


def _replace(account: SmppAccount, part: SmppPart, wanted: ReplaceSm) -> PduRefusal | None:
    submission = read(
        _as_submit_sm(part, wanted), default_coding=part.data_coding, now=shared_time.now()
    )
    old = ApiMessage.objects.filter(message_id=part.message_id or 0).first()
    if old is None:
        return _FAILED
    submission.due_at = submission.due_at or _still(old.due_at)
    submission.valid_until = submission.valid_until or _still(old.valid_until)
    whole = wanted_of(account, submission, text_of([(submission.coding, submission.octets)]))

    def write(answers: Answers) -> Iterable[Statement]:
        (answer,) = answers
        if isinstance(answer, AcceptedMessage):
            shown = shown_of(whole.text) if part.shown else ""
            _exchange(account, part, answer.message_id, wanted, shown)
        return ()

    (answer,) = accept_messages(door_of(account), [whole], before_commit=write)
    if isinstance(answer, RefusedMessage):
        return PduRefusal(status_of(answer.code), answer.code, answer.sentence)
    return None


def _exchange(
    account: SmppAccount, part: SmppPart, message_id: int, wanted: ReplaceSm, shown: str
) -> None:
    """Give the part its new message, and cancel the old one; raise _NotWaiting if it has left."""
    own = SmppPart.objects.filter(pk=part.pk, message_id=part.message_id)
    changed = own.update(
        message_id=message_id, registered_delivery=wanted.registered_delivery, shown=shown
    )
    if not changed or not by_program.cancel(account.application_id, part.message_id or 0):
        raise _NotWaiting


def _as_submit_sm(part: SmppPart, wanted: ReplaceSm) -> SubmitSm:
    return SubmitSm(
        source_addr=part.source_addr,
        source_addr_ton=part.source_ton,
        source_addr_npi=part.source_npi,
        destination_addr=part.destination_addr,
        dest_addr_ton=part.dest_ton,
        dest_addr_npi=part.dest_npi,
        service_type=part.service_type,
        registered_delivery=wanted.registered_delivery,
        short_message=wanted.short_message,
        data_coding=part.data_coding,
        schedule_delivery_time=wanted.schedule_delivery_time,
        validity_period=wanted.validity_period,
    )


def _still(moment: datetime | None) -> datetime | None:
    return moment if moment and moment > shared_time.now() else None
