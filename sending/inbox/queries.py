"""What the inbox shows: conversations, the newest first, and one with all that was said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from accounts.models import Organization, SmsApplication
from accounts.paging import Page, page_of
from sending.message_text import values_of
from sending.models import (
    ApiMessage,
    Gateway,
    InboundMessage,
    Message,
    MessageNumber,
    SendTask,
    Suppression,
)
from templates_app import wording
from templates_app.models import SignatureVersion, TextTemplateVersion

CONVERSATIONS_A_PAGE = 30
LINES_A_PAGE = 30
# More unread conversations are shown as "99+": nobody needs them exactly.
MOST_UNREAD = 100
# Larger than any id, and as long as a number of an address may be.
_BEYOND = 10**18 - 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """A number by its newest reply; `unread` counts all of its replies that nobody has read."""

    reply: InboundMessage
    unread: int
    is_suppressed: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty looks for everything. `number` begins with a plus."""

    only: str = ""
    number: str = ""


def unread_conversations(organization: Organization) -> int:
    """Return how many conversations are unread, at most MOST_UNREAD; index inbound_unread."""
    unread = InboundMessage.objects.for_organization(organization).conversations()
    return int(unread.filter(read_at=None).order_by("-pk")[:MOST_UNREAD].count())


def conversations_page(
    organization: Organization, wanted: Wanted, before: int | None
) -> Page[Conversation]:
    """Return conversations, the newest first, with newest replies before reply `before`.

    Each filter has an index of its own, which is in the order of the page; numbers that begin alike
    are found by inbound_newest_once.
    """
    rows = InboundMessage.objects.for_organization(organization).conversations()
    if wanted.only == "unread":
        rows = rows.filter(read_at=None)
    elif wanted.only == "stop":
        rows = rows.filter(said_stop=True)
    if wanted.number:
        rows = rows.filter(msisdn__begins=wanted.number)
    if before:
        rows = rows.filter(pk__lt=before)
    page = page_of(rows.order_by("-pk"), CONVERSATIONS_A_PAGE, lambda row: row.pk)
    numbers = [row.msisdn for row in page.rows]
    unread = _unread_by_number(organization, numbers)
    suppressed = Suppression.objects.suppressed(organization.pk, numbers)
    return Page(
        [
            Conversation(row, unread.get(row.msisdn, 0), row.msisdn in suppressed)
            for row in page.rows
        ],
        page.next,
    )


def _unread_by_number(organization: Organization, numbers: list[str]) -> dict[str, int]:
    replies = InboundMessage.objects.for_organization(organization)
    unread = replies.filter(msisdn__in=numbers, read_at=None).order_by()
    return dict(unread.values_list("msisdn").annotate(Count("pk")))


def suppression_of(organization: Organization, msisdn: str) -> Suppression | None:
    """Return the row that keeps a number from getting anything, if there is one."""
    own = Suppression.objects.for_organization(organization)
    return own.of_number(msisdn, organization.pk).first()


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """One thing that was said: a reply, or a message of ours; exactly one of the two is there.

    `text` is None where it was erased. A message has a task, or the name of the application that
    asked for it, unless it confirms a reply. A reply belongs here for the message of
    `answered_at`, and `gateway` is the name of the one that brought it.
    """

    at: datetime
    text: str | None
    reply: InboundMessage | None = None
    answered_at: datetime | None = None
    gateway: str = ""
    message: Message | None = None
    task: SendTask | None = None
    application: str = ""
    # Of a message without a task: who asked for it.
    asked: ApiMessage | None = None


@dataclass(slots=True)
class _Texts:
    """The words of messages, from the versions that are pinned; each is read once."""

    hides_codes: bool
    bodies: Mapping[int, str] = field(default_factory=dict)
    signatures: Mapping[int, str] = field(default_factory=dict)

    def read(self, messages: Iterable[Message]) -> None:
        messages = list(messages)
        bodies = TextTemplateVersion.objects.filter(
            pk__in={message.text_template_version_id for message in messages}
        )
        self.bodies = dict(bodies.values_list("pk", "body"))
        signatures = SignatureVersion.objects.filter(
            pk__in=[m.signature_version_id for m in messages if m.signature_version_id]
        )
        self.signatures = dict(signatures.values_list("pk", "content"))

    def of(self, message: Message) -> str | None:
        values = values_of(message, hides_codes=self.hides_codes)
        body = self.bodies.get(message.text_template_version_id, "")
        signature = self.signatures.get(message.signature_version_id or 0)
        try:
            return wording.complete(signature, wording.parse(body).render(values))
        except wording.ValueCountError:
            return None


def lines_page(
    organization: Organization, msisdn: str, before: tuple[int, int] | None, *, hides_codes: bool
) -> Page[ConversationLine]:
    """Return what was said with a number, the oldest first; a page before it is `next`.

    `before` is (message id, reply id): what is older than these. Messages by primary key of
    MessageNumber, replies by index inbound_message_number.
    """
    messages = _messages(organization, msisdn, before[0] if before else None)
    replies = _replies(organization, msisdn, before[1] if before else None)
    newest_first = sorted(
        [
            *((m.created_at, m.pk, m) for m in messages),
            *((r.received_at, r.pk, r) for r in replies),
        ],
        key=lambda row: row[:2],
        reverse=True,
    )
    shown = [row for _at, _pk, row in newest_first[:LINES_A_PAGE]]
    ours = [row for row in shown if isinstance(row, Message)]
    theirs = [row for row in shown if isinstance(row, InboundMessage)]
    lines = _lines(organization, ours, theirs, hides_codes=hides_codes)
    lines.sort(key=lambda line: line.at)
    if len(newest_first) <= LINES_A_PAGE:
        return Page(lines)
    # Of what is not shown here, nothing is newer than the oldest that is.
    ids = (_oldest(ours, before, 0), _oldest(theirs, before, 1))
    return Page(lines, "~".join(map(str, ids)))


def _oldest(
    shown: Iterable[Message | InboundMessage], before: tuple[int, int] | None, place: int
) -> int:
    beyond = before[place] if before else _BEYOND
    return min([beyond, *(row.pk for row in shown)])


def _messages(organization: Organization, msisdn: str, before: int | None) -> list[Message]:
    """Return the newest messages to a number that somebody has asked to send."""
    numbers = MessageNumber.objects.for_organization(organization).filter(msisdn=msisdn)
    if before is not None:
        numbers = numbers.filter(message_id__lt=before)
    ids = numbers.order_by("-message_id").values_list("message_id", flat=True)
    found = Message.objects.for_organization(organization)
    unsent = SendTask.objects.for_organization(organization).filter(accepted_hour=None)
    asked: list[Message] = []
    # Block after block: those that nobody has sent yet leave room for older ones.
    while len(asked) <= LINES_A_PAGE and (block := list(ids[: LINES_A_PAGE + 1])):
        asked += found.filter(pk__in=block).exclude(task_id__in=unsent.values("pk"))
        ids = ids.filter(message_id__lt=block[-1])
    return asked


def _replies(organization: Organization, msisdn: str, before: int | None) -> list[InboundMessage]:
    replies = InboundMessage.objects.for_organization(organization).filter(msisdn=msisdn)
    if before is not None:
        replies = replies.filter(pk__lt=before)
    return list(replies.order_by("-pk")[: LINES_A_PAGE + 1])


def _lines(
    organization: Organization,
    ours: list[Message],
    theirs: list[InboundMessage],
    *,
    hides_codes: bool,
) -> list[ConversationLine]:
    texts = _Texts(hides_codes)
    texts.read(ours)
    own = SendTask.objects.for_organization(organization)
    answered = Message.objects.for_organization(organization).in_bulk(
        {reply.answers_message_id for reply in theirs if reply.answers_message_id}
    )
    tasks = own.in_bulk({m.task_id for m in (*ours, *answered.values()) if m.task_id})
    without_task = [message.pk for message in ours if not message.task_id]
    asked = ApiMessage.objects.for_organization(organization).in_bulk(without_task)
    times = {pk: _sent_at(m, tasks.get(m.task_id or 0)) for pk, m in answered.items()}
    gateways = dict(Gateway.objects.values_list("pk", "name"))
    applications = SmsApplication.objects.for_organization(organization)
    names = dict(applications.values_list("pk", "name"))
    return [
        ConversationLine(
            _sent_at(message, task := tasks.get(message.task_id or 0)),
            texts.of(message),
            message=message,
            task=task,
            application=names.get(message.application_id, ""),
            asked=asked.get(message.pk),
        )
        for message in ours
    ] + [
        ConversationLine(
            reply.received_at,
            None if reply.erased_at else reply.text,
            reply=reply,
            answered_at=times.get(reply.answers_message_id or 0),
            gateway=gateways.get(reply.gateway_id, ""),
        )
        for reply in theirs
    ]


def _sent_at(message: Message, task: SendTask | None) -> datetime:
    """Return when a message was asked for; those of a task go out when somebody presses Send."""
    return task.sent_at if task and task.sent_at else message.created_at
