"""Messages of a task: filtered, page by page, and one with all that is known about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.paging import Page, page_of
from sending.exporting.message_rows import EXPORTED
from sending.lifecycle import RARE_MESSAGE_STATES, MessageState
from sending.models import (
    Attention,
    Message,
    MessageNumber,
    SendTask,
)
from sending.send_tasks.queries.check import messages_of
from sending.send_tasks.queries.progress import TaskProgress

MESSAGES_A_PAGE = 50
EXPORT_CHUNK = 2_000
# What one page reads at most, so that it answers at once however large the task is: rows of the
# sheet, messages in a rare state, messages of the organization to numbers that begin alike.
LOOKED_THROUGH = 10_000
RARE_LOOKED_THROUGH = 500
FEW_BY_NUMBER = 500


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """What a reader asks for; empty means any."""

    state: str = ""
    number: str = ""
    country: str = ""

    @property
    def is_rare(self) -> bool:
        """Tell whether the state has an index of its own."""
        return self.state in RARE_MESSAGE_STATES


def message_page(
    task: SendTask, wanted: MessageFilter, after: int | None, progress: TaskProgress
) -> Page[Message]:
    """Return messages in the order of the sheet, after the cursor `after` of the page before.

    Whatever the filter, one page reads a bounded number of rows: a page may hold fewer messages
    than fit on it, even none, and still have a next one.
    """
    if progress.whole.total and not _counted(wanted, progress):
        return Page([])
    if wanted.number:
        few = _few_by_number(task, wanted.number)
        if few is not None:
            query = _filtered(messages_of(task).filter(pk__in=few), wanted)
            query = query.filter(row__gt=after or 0).order_by("row")
            return page_of(query, MESSAGES_A_PAGE, lambda message: message.row)
    elif wanted.is_rare:
        return _rare_page(task, wanted, after)
    return _window_page(task, wanted, after or 0)


def _counted(wanted: MessageFilter, progress: TaskProgress) -> int:
    """Return how many messages have the wanted state and country, as the counters know."""
    countries = dict(progress.countries)
    figures = countries.get(wanted.country) if wanted.country else progress.whole
    if figures is None:
        return 0
    return figures.of({MessageState(wanted.state)}) if wanted.state else figures.total


def _filtered(query: QuerySet[Message], wanted: MessageFilter) -> QuerySet[Message]:
    if wanted.state:
        query = query.filter(state=wanted.state)
    if wanted.country:
        query = query.filter(country=wanted.country)
    return query.filter(msisdn__begins=wanted.number) if wanted.number else query


def _few_by_number(task: SendTask, number: str) -> list[int] | None:
    """Return the messages to such numbers, or None when the organization has too many."""
    numbers = MessageNumber.objects.for_organization(task.organization)
    own = numbers.filter(msisdn__begins=number)
    ids = own.order_by("msisdn", "message_id").values_list("message_id", flat=True)
    few = list(ids[: FEW_BY_NUMBER + 1])
    return None if len(few) > FEW_BY_NUMBER else few


def _window_page(task: SendTask, wanted: MessageFilter, after: int) -> Page[Message]:
    """Look through a bounded stretch of the sheet; no index could serve every filter."""
    rows = messages_of(task).order_by("row")
    if not (wanted.state or wanted.country or wanted.number):
        query = rows.filter(row__gt=after)
        return page_of(query, MESSAGES_A_PAGE, lambda message: message.row)
    until = after + LOOKED_THROUGH
    page = page_of(
        _filtered(rows.filter(row__gt=after, row__lte=until), wanted),
        MESSAGES_A_PAGE,
        lambda message: message.row,
    )
    more = page.next or not rows.filter(row__gt=until).exists()
    return page if more else Page(page.rows, str(until))


def _rare_page(task: SendTask, wanted: MessageFilter, after: int | None) -> Page[Message]:
    """Find messages in a rare state without reading the others; the cursor is a message id."""
    own = Attention.objects.for_organization(task.organization)
    rare = own.of_task(task.pk, wanted.state)
    if after is not None:
        rare = rare.filter(message_id__gt=after)
    size = RARE_LOOKED_THROUGH if wanted.country else MESSAGES_A_PAGE
    ids = list(rare.values_list("message_id", flat=True)[: size + 1])
    found = _filtered(messages_of(task).filter(pk__in=ids[:size]), wanted).order_by("pk")
    page = page_of(found, MESSAGES_A_PAGE, lambda message: message.pk)
    if page.next or len(ids) <= size:
        return page
    return Page(page.rows, str(ids[size - 1]))


def all_messages(task: SendTask, wanted: MessageFilter) -> Iterator[tuple[Any, ...]]:
    """Yield EXPORTED of every message of a task in the order of the sheet, in constant memory.

    Pieces of the primary order rather than one cursor: a slow reader holds no transaction open.
    Plain rows, because to make a Message of each takes four times as long.
    """
    query = _filtered(messages_of(task), wanted).order_by("row").values_list(*EXPORTED)
    last = -1
    while chunk := list(query.filter(row__gt=last)[:EXPORT_CHUNK]):
        yield from chunk
        last = chunk[-1][0]


def is_known(state: str) -> bool:
    """Tell whether a filter names a state."""
    return state in set(MessageState)
