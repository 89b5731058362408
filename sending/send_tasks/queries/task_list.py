"""The list of tasks: filtered, newest first, page by page, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.http import urlencode

from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.models import Message, MessageNumber, SendTask

TASKS_A_PAGE = 25
# Tasks that one page looks through for those that match; no index could serve every filter.
LOOKED_THROUGH = 5_000
# Messages to numbers that begin alike: more of them and the reader has to enter more digits.
FEW_BY_NUMBER = 2_000


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What a reader asks for; empty means any. Days are those of sending."""

    state: str = ""
    first: date | None = None
    last: date | None = None
    template: int = 0
    person: int = 0
    source: str = ""
    application: int = 0
    signature: int = 0
    name: str = ""

    @property
    def query(self) -> str:
        """Return what an address says of it."""
        parts: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def must_look(self) -> bool:
        """Tell whether tasks must be read to know which of them match."""
        return bool(self.query)


@dataclass(frozen=True, slots=True)
class TaskPage(Page[SendTask]):
    """A page of tasks; `too_many` numbers begin as the one that is searched for."""

    too_many: bool = False


def task_page(
    organization: Organization, wanted: TaskFilter, number: str, after: int | None
) -> TaskPage:
    """Return tasks, the newest first, that come after task `after`.

    A page may hold fewer tasks than fit on it, even none, and still have a next one.
    """
    own = SendTask.objects.for_organization(organization).order_by("-pk")
    if number:
        ids = _tasks_to(organization, number)
        if ids is None:
            return TaskPage([], too_many=True)
        own = own.filter(pk__in=ids)
    if wanted.first or wanted.last:
        newest = _in_period(own, wanted).order_by().aggregate(pk=Max("pk"))["pk"] or 0
        after = min(after or newest + 1, newest + 1)
    if after:
        own = own.filter(pk__lt=after)
    rows = _filtered(own, wanted).select_related(
        "created_by", "sent_by", "text_template_version__text_template"
    )
    if not wanted.must_look:
        return _page(rows)
    edge = own.values_list("pk", flat=True)[LOOKED_THROUGH : LOOKED_THROUGH + 1].first()
    page = _page(rows.filter(pk__gt=edge) if edge else rows)
    return page if page.next or not edge else TaskPage(page.rows, str(edge + 1))


def _page(rows: QuerySet[SendTask]) -> TaskPage:
    page = page_of(rows, TASKS_A_PAGE, lambda task: task.pk)
    return TaskPage(page.rows, page.next)


def _in_period(tasks: QuerySet[SendTask], wanted: TaskFilter) -> QuerySet[SendTask]:
    """Return the tasks that were sent in some days; index send_task_accepted."""
    if wanted.first:
        tasks = tasks.filter(accepted_hour__gte=int(f"{wanted.first:%Y%m%d}00"))
    if wanted.last:
        tasks = tasks.filter(accepted_hour__lte=int(f"{wanted.last:%Y%m%d}23"))
    return tasks


def _filtered(tasks: QuerySet[SendTask], wanted: TaskFilter) -> QuerySet[SendTask]:
    filters = {
        "state": wanted.state,
        "text_template_version__text_template_id": wanted.template,
        "source": wanted.source,
        "application_id": wanted.application,
        "signature_version__signature_id": wanted.signature,
        "name__icontains": wanted.name,
    }
    tasks = tasks.filter(**{name: value for name, value in filters.items() if value})
    if wanted.person:
        # Who pressed Send; before that, who made it.
        sent = tasks.filter(sent_by_id=wanted.person)
        tasks = sent | tasks.filter(sent_by=None, created_by_id=wanted.person)
    return _in_period(tasks, wanted)


def _tasks_to(organization: Organization, number: str) -> Sequence[int] | None:
    """Return the tasks with messages to such numbers, or None when there are too many messages."""
    numbers = MessageNumber.objects.for_organization(organization).filter(msisdn__begins=number)
    ids = list(
        numbers.order_by("msisdn", "message_id").values_list("message_id", flat=True)[
            : FEW_BY_NUMBER + 1
        ]
    )
    if len(ids) > FEW_BY_NUMBER:
        return None
    messages = Message.objects.for_organization(organization).filter(pk__among=ids)
    return list(set(messages.exclude(task_id=None).values_list("task_id", flat=True)))
