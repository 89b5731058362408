"""The story of one message in words: what was written down, who said so, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from sending.error_codes.table import CodeMeaning, explain
from sending.lifecycle import MessageState, SaidBy
from sending.models import (
    DeliveryReceipt,
    Message,
    RecipientSource,
    SendTask,
    Submission,
)
from sending.send_tasks.queries.messages import Story

_ACCEPTED = "ESME_ROK"
_FAR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the story; the state gives tone and word, `said_by` the icon."""

    state: MessageState
    said_by: SaidBy
    at: datetime
    sentence: str


def timeline_of(task: SendTask, message: Message, story: Story) -> list[Moment]:
    """Return what happened to a message, the oldest first."""
    queued = Moment(MessageState.QUEUED, SaidBy.US, message.created_at, _origin(task, message))
    heard = [_submission(row, message, story) for row in story.submissions]
    heard += [_receipt(row, message) for row in story.receipts]
    moments = [queued, *sorted(heard, key=lambda moment: moment.at)]
    state = MessageState(message.state)
    if moments[-1].state is not state:
        why = message.code or _("no code")
        moments.append(Moment(state, SaidBy(message.said_by), message.state_at, why))
    return moments


def _origin(task: SendTask, message: Message) -> str:
    row = number_format(message.row, force_grouping=True)
    if task.source == RecipientSource.UPLOAD and task.upload:
        return _("Row %(row)s of %(file)s") % {"row": row, "file": task.upload.name}
    if task.source == RecipientSource.GROUP:
        return _("Place %(row)s in the customer group") % {"row": row}
    if task.source == RecipientSource.RETRY:
        return _("Place %(row)s among the failures of the task before") % {"row": row}
    return _("Line %(row)s of the pasted numbers") % {"row": row}


def _submission(row: Submission, message: Message, story: Story) -> Moment:
    said = [story.gateways.get(row.gateway_id, "–"), row.command_status]
    if row.gateway_message_id:
        said.append(_("message id %(id)s") % {"id": row.gateway_message_id})
    if message.segments > 1:
        said.append(
            _("segment %(segment)s of %(segments)s")
            % {"segment": row.segment, "segments": message.segments}
        )
    state = MessageState.SUBMITTED if row.command_status == _ACCEPTED else MessageState.REJECTED
    return Moment(state, SaidBy.GATEWAY, row.submitted_at, ", ".join(said))


def _receipt(row: DeliveryReceipt, message: Message) -> Moment:
    try:
        state = MessageState(row.message_state)
    except ValueError:
        # ENROUTE and ACCEPTED (SMPP 3.4, 5.2.28) tell that it is still under way.
        state = MessageState.SUBMITTED
    said = [f"deliver_sm {row.message_state}"]
    if row.error:
        said.append(_("error %(code)s") % {"code": row.error})
    if message.segments > 1:
        said.append(
            _("segment %(segment)s of %(segments)s")
            % {"segment": row.segment, "segments": message.segments}
        )
    # The done date of a receipt is cut to the minute (SMPP 3.4, appendix B); ours is exact. One far
    # from ours tells of a late receipt, or of a gateway with the wrong time zone in its form.
    if row.done_at and abs(row.received_at - row.done_at) >= _FAR:
        done = date_format(timezone.localtime(row.done_at), "DATETIME_FORMAT")
        said.append(_("done at %(at)s by the network's clock") % {"at": done})
    return Moment(state, SaidBy(row.said_by), row.received_at, ", ".join(said))


def explanation_of(message: Message) -> CodeMeaning | None:
    """Return what the code of a message means and what to do; None where nothing is wrong."""
    if not message.code or message.state == MessageState.DELIVERED:
        return None
    return explain(message.code)
