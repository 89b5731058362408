"""The history of messages: what was written down, who said so, and when.

An organization's page about one message and the operators' trace of a number tell the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from accounts.lists import listed
from accounts.models import Organization, SmsApplication
from sending.error_codes.reasons import Reason
from sending.error_codes.table import CodeMeaning, explain
from sending.guard import words
from sending.lifecycle import MessageState, SaidBy, TaskState
from sending.models import (
    ApiMessage,
    DeliveryReceipt,
    Gateway,
    GuardDecision,
    Message,
    RecipientSource,
    SendTask,
    Submission,
)

_ACCEPTED = "ESME_ROK"
_FAR = timedelta(minutes=2)
# Messages of these exist, but they are not on their way.
_UNSENT = (
    *(TaskState.DRAFT, TaskState.CHECKING, TaskState.READY, TaskState.REJECTED),
    *(TaskState.WAITING, TaskState.SCHEDULED),
)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a history; the state gives tone and word, `said_by` the icon."""

    state: MessageState
    said_by: SaidBy
    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class MessageHistory:
    """One message, what gateways answered and what networks said of it, the oldest first.

    Submissions and receipts come with the name of their gateway.
    """

    message: Message
    organization: str
    task: SendTask | None
    gateway: str
    submissions: Sequence[tuple[str, Submission]]
    receipts: Sequence[tuple[str, DeliveryReceipt]]
    # Where nobody pressed Send: what was asked for, and by which application.
    asked: ApiMessage | None = None
    # What the guard said of it.
    decisions: Sequence[GuardDecision] = ()
    application: str = ""

    @property
    def unsent(self) -> bool:
        """Tell whether its task has not been sent yet."""
        return self.task is not None and self.task.state in _UNSENT

    @property
    def meaning(self) -> CodeMeaning | None:
        """Return what its code means and what to do; None where nothing is wrong."""
        if not self.message.code or self.message.state == MessageState.DELIVERED:
            return None
        return explain(self.message.code, self.message.state)

    @property
    def lines(self) -> list[HistoryLine]:
        """Return what happened to the message in words, the oldest first."""
        message = self.message
        origin = _row(self.task, message) if self.task else self._without_task()
        queued = HistoryLine(MessageState.QUEUED, SaidBy.US, message.created_at, origin)
        heard = [_submission(name, row, message) for name, row in self.submissions]
        heard += [_receipt(name, row, message) for name, row in self.receipts]
        heard += [_decision(row) for row in self.decisions]
        lines = [queued, *sorted(heard, key=lambda line: line.at)]
        state = MessageState(message.state)
        if lines[-1].state is not state:
            lines.append(
                HistoryLine(state, SaidBy(message.said_by), message.state_at, _why(message))
            )
        return lines

    def _without_task(self) -> str:
        name = {"application": self.application}
        if self.asked is None:
            return _("By the application “%(application)s”") % name
        if self.asked.confirms_reply:
            return _("Confirms a reply, by the application “%(application)s”") % name
        if self.asked.is_notice:
            return _("A notice of the console")
        if self.asked.is_test:
            return _("A test from the check page, by the application “%(application)s”") % name
        asked = _("Asked for by the application “%(application)s”, request %(id)s")
        return asked % {**name, "id": self.asked.request_id}


def histories_of(messages: Iterable[Message]) -> list[MessageHistory]:
    """Return the histories of messages, in their order; the caller may see these messages.

    Submissions by constraint submission_once (message …), receipts by index receipt_of_message.
    """
    messages = list(messages)
    owners = {message.organization_id for message in messages}
    about = {"organization_id__in": owners, "message_id__in": [m.pk for m in messages]}
    organizations = Organization.objects.in_bulk(owners)
    of_them = SendTask.objects.filter(organization_id__in=owners).select_related("upload")
    tasks = of_them.in_bulk({m.task_id for m in messages if m.task_id})
    names = dict(Gateway.objects.values_list("pk", "name"))
    without_task = [m.pk for m in messages if not m.task_id]
    asked = ApiMessage.objects.filter(organization_id__in=owners).in_bulk(without_task)
    senders = SmsApplication.objects.filter(organization_id__in=owners)
    named = senders.filter(pk__in={m.application_id for m in messages if not m.task_id})
    applications = dict(named.values_list("pk", "name"))
    submissions = defaultdict(list)
    for answer in Submission.objects.filter(**about).order_by("pk"):
        submissions[answer.message_id].append((names.get(answer.gateway_id, ""), answer))
    receipts = defaultdict(list)
    for receipt in DeliveryReceipt.objects.filter(**about).order_by("pk"):
        receipts[receipt.message_id].append((names.get(receipt.gateway_id, ""), receipt))
    decisions = defaultdict(list)
    for decision in GuardDecision.objects.filter(**about, message_id__gt=0).order_by("pk"):
        decisions[decision.message_id].append(decision)
    return [
        MessageHistory(
            message=message,
            organization=organizations[message.organization_id].name,
            task=tasks.get(message.task_id or 0),
            gateway=names.get(message.gateway_id or 0, ""),
            submissions=submissions[message.pk],
            receipts=receipts[message.pk],
            asked=asked.get(message.pk),
            decisions=decisions[message.pk],
            application=applications.get(message.application_id, ""),
        )
        for message in messages
    ]


def _row(task: SendTask, message: Message) -> str:
    row = number_format(message.row, force_grouping=True)
    if task.source == RecipientSource.UPLOAD and task.upload:
        return _("Row %(row)s of %(file)s") % {"row": row, "file": task.upload.name}
    if task.source == RecipientSource.GROUP:
        return _("Place %(row)s in the customer group") % {"row": row}
    if task.source == RecipientSource.RETRY:
        return _("Place %(row)s among the failures of the task before") % {"row": row}
    return _("Line %(row)s of the pasted numbers") % {"row": row}


def _why(message: Message) -> str:
    """Return why a message is where it is, in words, with its code."""
    if not message.code:
        return _("no code")
    return f"{explain(message.code, message.state).what} ({message.code})"


def _segment(segment: int | None, message: Message) -> list[str]:
    if message.segments == 1:
        return []
    places = {"segment": segment, "segments": message.segments}
    return [_("segment %(segment)s of %(segments)s") % places]


def _submission(gateway: str, row: Submission, message: Message) -> HistoryLine:
    said = [gateway or "–", row.command_status]
    if row.gateway_message_id:
        said.append(_("message id %(id)s") % {"id": row.gateway_message_id})
    said += _segment(row.segment, message)
    if row.attempt > 1:
        said.append(_("attempt %(attempt)s") % {"attempt": row.attempt})
    # What a receipt proved where no answer had come.
    if row.command_status == Reason.NO_ANSWER:
        return HistoryLine(MessageState.IN_DOUBT, SaidBy.US, row.submitted_at, listed(said))
    state = MessageState.SUBMITTED if row.command_status == _ACCEPTED else MessageState.REJECTED
    return HistoryLine(state, SaidBy.GATEWAY, row.submitted_at, listed(said))


def _decision(row: GuardDecision) -> HistoryLine:
    return HistoryLine(MessageState.QUEUED, SaidBy.US, row.at, words.line(row))


def _receipt(gateway: str, row: DeliveryReceipt, message: Message) -> HistoryLine:
    try:
        state = MessageState(row.message_state)
    except ValueError:
        # ENROUTE and ACCEPTED (SMPP 3.4, 5.2.28) tell that it is still under way.
        state = MessageState.SUBMITTED
    said = [gateway or "–", f"deliver_sm {row.message_state}"]
    if row.error:
        said.append(_("error %(code)s") % {"code": row.error})
    said += _segment(row.segment, message)
    # The done date of a receipt is cut to the minute (SMPP 3.4, appendix B); ours is exact. One far
    # from ours tells of a late receipt, or of a gateway with the wrong time zone in its form.
    if row.done_at and abs(row.received_at - row.done_at) >= _FAR:
        done = date_format(timezone.localtime(row.done_at), "DATETIME_FORMAT")
        said.append(_("done at %(at)s by the network's clock") % {"at": done})
    return HistoryLine(state, SaidBy(row.said_by), row.received_at, listed(said))
