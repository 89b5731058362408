"""Tasks of all organizations: filtered, the newest first, however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.http import urlencode

from accounts.models import Organization
from accounts.paging import Page, page_of
from sending.lifecycle import TaskState
from sending.models import Batch, Counter, SendTask
from sending.models.figures import Figures

TASKS_A_PAGE = 50
# Tasks that one page looks through for those that match; no index could serve every filter.
LOOKED_THROUGH = 5_000
_MOST_NAMED = 200
OPEN_STATES = (
    TaskState.CHECKING,
    TaskState.READY,
    TaskState.WAITING,
    TaskState.SCHEDULED,
    TaskState.SENDING,
    TaskState.PAUSED,
)


@dataclass(frozen=True, slots=True)
class AllTasksFilter:
    """What an operator asks for; empty means any. `gateway` is where messages wait."""

    state: str = ""
    organization: str = ""
    gateway: int = 0
    name: str = ""

    @property
    def query(self) -> str:
        """Return what an address says of it."""
        parts: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        return urlencode({name: value for name, value in parts.items() if value})


class TaskRow(NamedTuple):
    """A task and what became of its messages so far."""

    task: SendTask
    figures: Figures


def all_tasks(wanted: AllTasksFilter, after: int | None) -> Page[TaskRow]:
    """Return tasks, the newest first, that come after task `after`.

    Primary key; a page may hold fewer tasks than fit on it, even none, and still have a next one.
    """
    rows = SendTask.objects.order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=after)
    found = _filtered(rows, wanted).select_related("organization", "created_by", "sent_by")
    edge = None
    if wanted.query:
        edge = rows.values_list("pk", flat=True)[LOOKED_THROUGH : LOOKED_THROUGH + 1].first()
        found = found.filter(pk__gt=edge) if edge else found
    page = page_of(found, TASKS_A_PAGE, lambda task: task.pk)
    following = page.next or (str(edge + 1) if edge else "")
    return Page(_with_figures(page.rows), following)


def _filtered(tasks: QuerySet[SendTask], wanted: AllTasksFilter) -> QuerySet[SendTask]:
    if wanted.state == "OPEN":
        tasks = tasks.filter(state__in=[state.value for state in OPEN_STATES])
    elif wanted.state:
        tasks = tasks.filter(state=wanted.state)
    if wanted.organization:
        tasks = tasks.filter(organization_id__in=organizations_like(wanted.organization))
    if wanted.gateway:
        waiting = Batch.objects.filter(gateway_id=wanted.gateway, task_id__isnull=False)
        tasks = tasks.filter(pk__in=waiting.values("task_id"))
    return tasks.filter(name__icontains=wanted.name) if wanted.name else tasks


def organizations_like(text: str) -> list[int]:
    """Return the organizations of a number, or whose names have the words in them."""
    if text.isdecimal() and text.isascii() and len(text) <= 18:
        return [int(text)]
    named = Organization.objects.filter(name__icontains=text).order_by("pk")
    return list(named.values_list("pk", flat=True)[:_MOST_NAMED])


def _with_figures(tasks: Iterable[SendTask]) -> list[TaskRow]:
    """Add what counters say, by index counter_task."""
    rows = list(tasks)
    figures = Counter.objects.filter(task_id__in=[task.pk for task in rows]).figures_by(
        "task_id", Figures
    )
    return [TaskRow(task, figures.get(task.pk, Figures())) for task in rows]


def gateways_of(task: SendTask) -> list[str]:
    """Return the gateways at which messages of a task wait, by name."""
    return sorted(gateway.name for gateway in task.gateways)


def figures_of(task: SendTask) -> Figures:
    """Return what became of the messages of a task so far."""
    return _with_figures([task])[0].figures
