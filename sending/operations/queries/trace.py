"""All that is known about one number, or one message, whoever sent it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from accounts.models import Organization
from sending.error_codes.table import CodeMeaning, explain
from sending.lifecycle import MessageState, TaskState
from sending.models import (
    DeliveryReceipt,
    Gateway,
    Message,
    MessageNumber,
    ReceiptInbox,
    SendTask,
    Submission,
)
from sending.models.paging import Page, page_of

MESSAGES_A_PAGE = 50
_LONGEST_INBOX = 1_000
# Messages of these exist, but nobody has asked to send them.
_UNSENT = (TaskState.DRAFT, TaskState.CHECKING, TaskState.READY, TaskState.REJECTED)


@dataclass(frozen=True, slots=True)
class Traced:
    """One message, what gateways answered and what networks said of it, the oldest first."""

    message: Message
    organization: str
    task: SendTask | None
    gateway: str
    submissions: Sequence[tuple[str, Submission]] = field(default_factory=list)
    receipts: Sequence[tuple[str, DeliveryReceipt]] = field(default_factory=list)

    @property
    def unsent(self) -> bool:
        """Tell whether nobody has pressed Send for it."""
        return self.task is not None and self.task.state in _UNSENT

    @property
    def meaning(self) -> CodeMeaning | None:
        """Return what its code means, where something is wrong."""
        if not self.message.code or self.message.state == MessageState.DELIVERED:
            return None
        return explain(self.message.code)


def messages_to(msisdn: str, before: int | None = None) -> Page[Traced]:
    """Return a page of messages to an E.164 number, of all organizations, the newest first.

    Primary key of MessageNumber (organization, msisdn, message), once for each organization.
    """
    organizations = list(Organization.objects.values_list("pk", flat=True))
    numbers = MessageNumber.objects.filter(organization_id__in=organizations, msisdn=msisdn)
    if before is not None:
        numbers = numbers.filter(message_id__lt=before)
    newest = numbers.order_by("-message_id").values_list("message_id", flat=True)
    page = page_of(newest, MESSAGES_A_PAGE, lambda message_id: message_id)
    return Page(traces_of(Message.objects.filter(pk__in=page.rows).order_by("-pk")), page.next)


def traces_of(messages: Iterable[Message]) -> list[Traced]:
    """Return what happened to messages, in their order.

    Submissions by constraint submission_once (message …), receipts by index receipt_of_message.
    """
    messages = list(messages)
    ids = [message.pk for message in messages]
    tasks = SendTask.objects.in_bulk({m.task_id for m in messages if m.task_id})
    organizations = Organization.objects.in_bulk({m.organization_id for m in messages})
    names = dict(Gateway.objects.values_list("pk", "name"))
    submissions = defaultdict(list)
    for answer in Submission.objects.filter(message_id__in=ids).order_by("pk"):
        submissions[answer.message_id].append((names.get(answer.gateway_id, ""), answer))
    receipts = defaultdict(list)
    for receipt in DeliveryReceipt.objects.filter(message_id__in=ids).order_by("pk"):
        receipts[receipt.message_id].append((names.get(receipt.gateway_id, ""), receipt))
    return [
        Traced(
            message=message,
            organization=organizations[message.organization_id].name,
            task=tasks.get(message.task_id or 0),
            gateway=names.get(message.gateway_id or 0, ""),
            submissions=submissions[message.pk],
            receipts=receipts[message.pk],
        )
        for message in messages
    ]


def receipts_for(message: Message) -> list[ReceiptInbox]:
    """Return receipts in the inbox that may be meant for a message in doubt.

    The inbox is small, and only its newest thousand rows are searched.
    """
    newest = ReceiptInbox.objects.order_by("-pk")[:_LONGEST_INBOX]
    return [
        row
        for row in newest
        if row.gateway_id == message.gateway_id and row.msisdn == message.msisdn
    ]
