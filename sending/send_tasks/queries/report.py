"""The report of a task: all its figures as one page, or as the first sheet of a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from accounts.countries import country_name
from sending.error_codes.table import CodeMeaning, explain
from sending.lifecycle import RARE_MESSAGE_STATES, MessageState, TaskState
from sending.models import Attention, SendTask
from sending.models.choices import MESSAGE_STATE_LABELS, TASK_STATE_LABELS
from sending.send_tasks.event_labels import event_label
from sending.send_tasks.queries import tasks
from sending.send_tasks.queries.progress import Progress, TaskProgress, progress_of
from sending.sms.pricing import MICRO
from sending.spreadsheets.writer import Value

# Messages in rare states that one report reads for their codes.
MOST_READ = 10_000


@dataclass(frozen=True, slots=True)
class TaskReport:
    """What the page shows; `codes` are of the first MOST_READ messages if there are more."""

    task: SendTask
    progress: TaskProgress
    codes: Sequence[tuple[CodeMeaning, int]]
    has_more: bool


def report_of(task: SendTask) -> TaskReport:
    """Return all that is told of a task that was sent."""
    progress = progress_of(task.organization, task.pk)
    rare = [state for state, _n in progress.whole.by_state if state in RARE_MESSAGE_STATES]
    counts = _code_counts(task, rare) if rare else []
    return TaskReport(
        task=task,
        progress=progress,
        codes=[(explain(code), n) for code, n in counts if code],
        has_more=progress.whole.of(rare) > MOST_READ,
    )


def _code_counts(task: SendTask, states: Sequence[MessageState]) -> list[tuple[str, int]]:
    """Return (code, messages) of the first MOST_READ messages in these states, most first.

    Index attention_task_state, which has the order of ids within a state alone: the first of each
    state are read, never all that failed.
    """
    own = Attention.objects.for_organization(task.organization)
    parts: list[str] = []
    params: list[Any] = []
    for state in states:
        first = own.of_task(task.pk, state.value)
        sql, given = first.values_list("message_id", "code")[:MOST_READ].query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql}) AS {state.value.lower()}")  # noqa: S608 - our own.
        params += given
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT code, COUNT(*) FROM ({' UNION ALL '.join(parts)}"  # noqa: S608 - our own.
            " ORDER BY message_id LIMIT %s) AS firsts GROUP BY code ORDER BY 2 DESC, 1",
            [*params, MOST_READ],
        )
        return [(code, n) for code, n in cursor.fetchall()]


def _states(whole: Progress) -> list[list[Value]]:
    return [[str(MESSAGE_STATE_LABELS[state]), n] for state, n in whole.by_state]


def summary_rows(report: TaskReport) -> list[list[Value]]:
    """Return the report as the rows of a sheet."""
    task, whole = report.task, report.progress.whole
    zone = task.organization.zone
    sent = task.sent_at.astimezone(zone).isoformat(timespec="seconds") if task.sent_at else ""
    rows: list[list[Value]] = [
        [_("Task"), task.name],
        [_("Number"), task.pk],
        [_("State"), str(TASK_STATE_LABELS[TaskState(task.state)])],
        [_("Sent at"), sent],
        [_("Person"), str(task.sent_by or "")],
        [_("Text template"), str(task.text_template_version)],
        [_("Originator"), tasks.shown_originator(task)],
        [],
        [_("Rows read"), task.rows_read],
        [_("Refused"), task.refused],
        [_("Duplicates"), task.duplicates],
        [_("Skipped"), task.skipped],
        [_("Messages"), whole.total],
        [_("Handed over"), whole.handed_over],
        [_("Delivered"), whole.delivered],
        [_("Failed"), whole.failed],
        [_("Segments handed over"), whole.segments],
        [_("Cost, %(currency)s") % {"currency": task.currency}, whole.cost_micro / MICRO],
        [],
        [_("State"), _("Messages")],
        *_states(whole),
        [],
        [_("Country"), _("Messages"), _("Handed over"), _("Delivered"), _("Failed"), _("Cost")],
    ]
    for code, of_one in report.progress.countries:
        parts = (of_one.total, of_one.handed_over, of_one.delivered, of_one.failed)
        rows.append([country_name(code), *parts, of_one.cost_micro / MICRO])
    rows += [[], [_("Code"), _("Messages"), _("Meaning"), _("What to do")]]
    rows += [[m.code, n, str(m.what), str(m.to_do)] for m, n in report.codes]
    rows += [[], [_("History")]]
    for line in map(event_label, tasks.history(task)):
        moment = line.event.at.astimezone(zone).isoformat(timespec="seconds")
        rows.append([moment, str(line.headline), str(line.sentence)])
    return rows
