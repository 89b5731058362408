"""Messages in doubt: the list by gateway, task and organization, and what a decision is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.http import urlencode

from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.error_codes.table import CodeMeaning, explain
from sending.lifecycle import MessageState
from sending.models import Attention, Gateway, Message

IN_DOUBT_A_PAGE = 50
# Rows that one page looks through for those of a gateway, which only messages know.
LOOKED_THROUGH = 2_000
# One decision settles so many at most; so many in one transaction.
MOST_AT_ONCE = 5_000
_SLICE = 500


@dataclass(frozen=True, slots=True)
class DoubtFilter:
    """Which of them; 0 means any. `until` leaves out what came into doubt later."""

    gateway: int = 0
    task: int = 0
    organization: int = 0
    until: datetime | None = None

    @property
    def query(self) -> str:
        """Return what an address says of it."""
        parts: dict[str, Any] = {
            "gateway": self.gateway, "task": self.task, "organization": self.organization,
        }  # fmt: skip
        return urlencode({name: value for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class MessageInDoubt:
    """One message in doubt and how it got there."""

    attention: Attention
    message: Message
    gateway: str
    organization: str
    meaning: CodeMeaning


def messages_in_doubt(
    wanted: DoubtFilter, after: tuple[datetime, int] | None
) -> Page[MessageInDoubt]:
    """Return a page of messages in doubt, the oldest first, after (since, message id).

    Index attention_state, messages by primary key. With a gateway a page may hold fewer than fit
    on it, even none, and still have a next one.
    """
    rows = _in_order(wanted, after)
    following = ""
    if wanted.gateway:
        looked = list(rows[: LOOKED_THROUGH + 1])
        following = _cursor_of(looked[LOOKED_THROUGH - 1]) if len(looked) > LOOKED_THROUGH else ""
        ids = [row.message_id for row in looked[:LOOKED_THROUGH]]
        at_gateway = Message.objects.filter(pk__among=ids, gateway_id=wanted.gateway)
        rows = rows.filter(message_id__in=list(at_gateway.values_list("pk", flat=True)))
    page = page_of(rows, IN_DOUBT_A_PAGE, _cursor_of)
    return Page(_views(page.rows), page.next or following)


def _in_order(wanted: DoubtFilter, after: tuple[datetime, int] | None) -> QuerySet[Attention]:
    rows = Attention.objects.filter(state=MessageState.IN_DOUBT.value)
    if wanted.organization:
        rows = rows.filter(organization_id=wanted.organization)
    if wanted.task:
        rows = rows.filter(task_id=wanted.task)
    if wanted.until:
        rows = rows.filter(at__lte=wanted.until)
    if after:
        rows = rows.filter(Q(at__gt=after[0]) | Q(at=after[0], message_id__gt=after[1]))
    return rows.order_by("at", "message_id")


def _views(rows: Any) -> list[MessageInDoubt]:
    messages = Message.objects.in_bulk([row.message_id for row in rows])
    names = dict(Gateway.objects.values_list("pk", "name"))
    organizations = Organization.objects.in_bulk({row.organization_id for row in rows})
    return [
        MessageInDoubt(
            row,
            message,
            names.get(message.gateway_id or 0, ""),
            str(organizations[row.organization_id]),
            explain(row.code, row.state),
        )
        for row in rows
        if (message := messages.get(row.message_id))
    ]


def _cursor_of(row: Attention) -> str:
    return f"{row.at.isoformat()}~{row.message_id}"


def slices(wanted: DoubtFilter) -> Iterator[list[Message]]:
    """Yield the messages in doubt that are meant, some hundred at a time, up to MOST_AT_ONCE."""
    after: tuple[datetime, int] | None = None
    for _turn in range(MOST_AT_ONCE // _SLICE):
        found = list(_in_order(wanted, after)[:_SLICE])
        if not found:
            return
        after = (found[-1].at, found[-1].message_id)
        messages = Message.objects.filter(pk__among=[row.message_id for row in found])
        if wanted.gateway:
            messages = messages.filter(gateway_id=wanted.gateway)
        yield list(messages.order_by("pk"))
