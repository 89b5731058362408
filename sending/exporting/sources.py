"""Where the rows of an export come from, piece by piece; a cursor says where the next begins."""

from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.countries import country_name
from sending.exporting.message_rows import EXPORTED, MessageCells, message_headings
from sending.models import ApiMessage, Counter, Export, ExportKind, Message, SendTask
from sending.models.figures import Figures
from sending.models.message import first_id_at
from sending.sms.pricing import MICRO
from sending.spreadsheets.writer import Value

ROWS_A_PIECE = 2_000
Rows = list[list[Value]]
Cursor = list[Any]


class ExportSource(Protocol):
    """Something that has rows."""

    def headings(self) -> list[str]: ...

    def piece(self, cursor: Cursor) -> tuple[Rows, Cursor]:
        """Return the rows after a cursor, an empty list at first, and the next one; no cursor
        after the last row.
        """
        ...


def source_of(export: Export) -> ExportSource:
    """Return what an export is written from."""
    kinds: dict[str, type[_TaskRows] | type[_PeriodRows] | type[_StatisticsRows]] = {
        ExportKind.TASK.value: _TaskRows,
        ExportKind.PERIOD.value: _PeriodRows,
        ExportKind.STATISTICS.value: _StatisticsRows,
    }
    return kinds[export.kind](export)


class _MessageRows:
    """Messages of an organization that the export asks for."""

    def __init__(self, export: Export) -> None:
        self._asked = export.asked
        self._organization = export.organization
        self._cells = MessageCells(export.organization.zone, whole_numbers=export.has_numbers)

    def _messages(self) -> QuerySet[Message]:
        messages = Message.objects.for_organization(self._organization)
        wanted = {name: self._asked.get(name) for name in ("state", "country")}
        return messages.filter(**{name: value for name, value in wanted.items() if value})

    def _of_task(self, task_id: int, after: int) -> list[tuple[Any, ...]]:
        rows = self._messages().filter(task_id=task_id, row__gt=after).order_by("row")
        return list(rows.values_list(*EXPORTED)[:ROWS_A_PIECE])


class _TaskRows(_MessageRows):
    """The messages of one task, in the order of the sheet."""

    def headings(self) -> list[str]:
        task = SendTask.objects.for_organization(self._organization).get(pk=self._asked["task"])
        return message_headings(task.currency)

    def piece(self, cursor: Cursor) -> tuple[Rows, Cursor]:
        found = self._of_task(self._asked["task"], cursor[0] if cursor else -1)
        return [self._cells.of(row) for row in found], [found[-1][0]] if found else []


class _PeriodRows(_MessageRows):
    """The messages of some days: those of tasks by task, then those of programs.

    The cursor is [task, row], or [0, message] among those of programs.
    """

    def __init__(self, export: Export) -> None:
        super().__init__(export)
        self._first, self._last = (date.fromisoformat(self._asked[n]) for n in ("first", "last"))
        self._hours = {
            "accepted_hour__gte": int(f"{self._first:%Y%m%d}00"),
            "accepted_hour__lte": int(f"{self._last:%Y%m%d}23"),
        }
        self._names: dict[int, tuple[str, str]] = {}

    def headings(self) -> list[str]:
        return [_("Task"), _("Currency"), *message_headings(_("see Currency"))]

    def piece(self, cursor: Cursor) -> tuple[Rows, Cursor]:
        task_id, after = cursor or (self._task_after(0), -1)
        if not task_id:
            return self._of_programs(max(after, 0))
        found = self._of_task(task_id, after)
        rows = [[*self._name(task_id), *self._cells.of(row)] for row in found]
        if len(found) < ROWS_A_PIECE:
            return rows, [self._task_after(task_id), -1]
        return rows, [task_id, found[-1][0]]

    def _task_after(self, task_id: int) -> int:
        """Return the next task that was sent in these days, or 0."""
        tasks = SendTask.objects.for_organization(self._organization)
        tasks = tasks.filter(pk__gt=task_id, **self._hours)
        if application := self._asked.get("application"):
            tasks = tasks.filter(application_id=application)
        return tasks.order_by("pk").values_list("pk", flat=True).first() or 0

    def _name(self, task_id: int) -> tuple[str, str]:
        if task_id not in self._names:
            task = SendTask.objects.for_organization(self._organization).get(pk=task_id)
            self._names = {task_id: (task.name, task.currency)}
        return self._names[task_id]

    def _of_programs(self, after: int) -> tuple[Rows, Cursor]:
        zone = self._organization.zone
        start, end = (
            first_id_at(datetime.combine(day, time(), zone))
            # A day more on each side: the organization may have changed its time zone since.
            for day in (self._first - timedelta(1), self._last + timedelta(2))
        )
        own = ApiMessage.objects.for_organization(self._organization)
        own = own.filter(message_id__gt=max(after, start), message_id__lt=end)
        if application := self._asked.get("application"):
            own = own.filter(application_id=application)
        ids = list(own.order_by("message_id").values_list("message_id", flat=True)[:ROWS_A_PIECE])
        found = self._messages().filter(pk__among=ids, **self._hours).order_by("pk")
        rows = [["", "", *self._cells.of(row)] for row in found.values_list(*EXPORTED)]
        return rows, [0, ids[-1]] if ids else []


class _StatisticsRows:
    """The figures of each day and country, a day after the other."""

    def __init__(self, export: Export) -> None:
        self._asked = export.asked
        self._organization = export.organization
        self._first, self._last = (date.fromisoformat(self._asked[n]) for n in ("first", "last"))

    def headings(self) -> list[str]:
        return figure_headings(_("estimated"))

    def piece(self, cursor: Cursor) -> tuple[Rows, Cursor]:
        day = date.fromisoformat(cursor[0]) if cursor else self._first
        if day > self._last:
            return [], []
        counters = Counter.objects.for_organization(self._organization).of_days(day, day)
        if country := self._asked.get("country"):
            counters = counters.filter(country=country)
        if application := self._asked.get("application"):
            counters = counters.filter(application_id=application)
        found = counters.figures_by("country", Figures)
        rows = [
            figure_cells(day, code, figures)
            for code, figures in sorted(found.items())
            if figures.total
        ]
        return rows, [(day + timedelta(1)).isoformat()]


def figure_headings(currency: str) -> list[str]:
    """Return the headings over `figure_cells`."""
    return [
        _("Day"),
        _("Country code"),
        _("Country"),
        _("Messages"),
        _("Handed over"),
        _("Delivered"),
        _("Failed"),
        _("Unknown"),
        _("In doubt"),
        _("No receipt yet"),
        _("Cancelled or blocked"),
        _("Not yet with a gateway"),
        _("Segments handed over"),
        _("Cost, estimated, %(currency)s") % {"currency": currency},
    ]


def figure_cells(day: date, code: str, figures: Figures, *, is_money: bool = True) -> list[Value]:
    """Return what a table says of a day and country; a sum of several currencies is none."""
    return [
        day.isoformat(),
        code,
        country_name(code),
        figures.total,
        figures.handed_over,
        figures.delivered,
        figures.failed,
        figures.unknown,
        figures.in_doubt,
        figures.submitted,
        figures.not_sent,
        figures.waiting,
        figures.segments,
        figures.cost_micro / MICRO if is_money else None,
    ]


def expected_rows(export: Export) -> int:
    """Return about how many rows there will be, from counters alone; 0 when nobody knows."""
    counters = Counter.objects.for_organization(export.organization)
    if export.kind == ExportKind.TASK.value:
        counters = counters.filter(task_id=export.asked["task"])
    elif export.kind == ExportKind.PERIOD.value:
        first, last = (date.fromisoformat(export.asked[name]) for name in ("first", "last"))
        counters = counters.of_days(first, last)
        if application := export.asked.get("application"):
            counters = counters.filter(application_id=application)
    else:
        return 0
    for name in ("state", "country"):
        if value := export.asked.get(name):
            counters = counters.filter(**{name: value})
    return counters.aggregate(n=Sum("messages"))["n"] or 0
