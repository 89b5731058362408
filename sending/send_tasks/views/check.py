"""Check a task: what goes, what does not and why, what it costs, and the one button."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import shared_time
from accounts.decorators import needs
from accounts.downloads import download
from accounts.limits import DOWNLOADS, limited
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.intake.sentences import (
    Sentence,
    file_sentence,
    note_sentence,
    problem_label,
    row_sentence,
)
from sending.lifecycle import TaskState
from sending.models import Problem, SendTask
from sending.originators import shown_originators
from sending.send_tasks.approval_forms import SendBackForm
from sending.send_tasks.queries import check as queries
from sending.send_tasks.queries import sending as sending_queries
from sending.send_tasks.queries import tasks
from sending.send_tasks.queries.approvals import approval_view
from sending.send_tasks.queries.repeats import repeats_of
from sending.send_tasks.queries.replies import asks_to_reply
from sending.send_tasks.reading import TaskReadingForm, can_be_read_otherwise
from sending.send_tasks.schedule_forms import LATER, SendForm, TimeForm
from sending.sms import replacements
from sending.spreadsheets.problems import DUPLICATES, NoteCode, RowCode
from sending.spreadsheets.writer import stream_csv

# Duplicates and rows of the sample are counted apart from the refused ones.
_NOT_REFUSED = DUPLICATES | {RowCode.SAMPLE_ROW, RowCode.INSTRUCTIONS_ROW, RowCode.SENT_BEFORE}
_IN_THE_HEAD = frozenset({NoteCode.COLUMNS_IGNORED})


@needs("view")
@require_GET
def check(request: MemberRequest, pk: int) -> HttpResponse:
    """Show how far the check is, why the file was refused, or all that it found."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    reading = TaskReadingForm(task=task) if can_be_read_otherwise(task) else None
    return check_page(request, task, reading)


def check_page(
    request: MemberRequest,
    task: SendTask,
    reading: TaskReadingForm | None,
    sending: TimeForm | None = None,
    send_back: SendBackForm | None = None,
) -> HttpResponse:
    """Render the page with the form about how the upload is read, and the one it is sent with.

    `send_back` is the note of an approver that has to be corrected.
    """
    context: dict[str, Any] = {
        "task": task,
        "now": shared_time.now(),
        "reading": reading,
        "corrections": tasks.corrections_of(task),
        "asks_to_reply": asks_to_reply(task.text_template_version, tasks.shown_originator(task)),
    }
    if task.state == TaskState.REJECTED:
        context["refusal"] = file_sentence(task.failure_code, task.failure_params)
    elif task.checked_at is not None and task.state != TaskState.CHECKING:
        context |= _found(request, task) | _sending(task, sending)
        context["approval"] = approval_view(request.member, task)
        context["send_back"] = send_back or SendBackForm()
    return render(request, "sending/send_tasks/check.html", context)


def _found(request: MemberRequest, task: SendTask) -> dict[str, Any]:
    """Return what the page shows of a complete check."""
    code = request.GET.get("code", "")
    page = queries.problems_with(task, code, request.GET.get("after", ""))
    left = tasks.segments_left_today(task.organization)
    hides_codes = not request.member.may(Permission.NUMBERS)
    asked = whole_number(request.GET.get("row"))
    row = queries.row_view(task, asked, hides_codes=hides_codes)
    unsent = task.refused + task.duplicates + task.skipped
    counts = [(code, problem_label(code), n) for code, n in queries.problem_counts(task)]
    rate = tasks.allowed_rate(task)
    seconds = -(-task.segments // rate) if rate else None
    return {
        "countries": queries.countries(task),
        "repeats": repeats_of(task) if task.sent_at is None else [],
        "unsent": unsent,
        "counts": counts,
        "reasons": len([code for code, _label, _n in counts if code not in _NOT_REFUSED]),
        "code": code,
        "problems": [(problem, sentence_of(problem)) for problem in page.rows],
        "page": page,
        "row": row,
        "languages": queries.task_languages(task),
        "originator": tasks.shown_originator(task, _country_of(row)),
        "originators": shown_originators(task),
        "row_sentence": sentence_of(row.problem) if row and row.problem else None,
        "row_unit": row.message.cost_micro // row.message.segments if row and row.message else 0,
        "notes": _notes(task),
        "costly": _costly(task),
        "in_parts": _in_parts(task),
        "left": left,
        "left_after": left - task.segments,
        "seconds": seconds,
        "none_works": not rate and tasks.none_works(task),
        "outlasts_validity": bool(seconds and seconds > task.validity.total_seconds()),
        "rate": rate,
    }


def _sending(task: SendTask, form: TimeForm | None) -> dict[str, Any]:
    """Return what the page says of when and how the task is sent, until it is."""
    if task.state == TaskState.SCHEDULED:
        local = timezone.localtime(task.scheduled_at)
        initial = {"day": local.date(), "time": local.time()}
        form = form or TimeForm(task=task, initial=initial)
    elif task.state != TaskState.READY:
        return {}
    begins_at = sending_queries.begins_at(task)
    limits = sending_queries.foresight(task) if task.state == TaskState.READY else None
    return {
        # What does not fit today is sent tomorrow, unless somebody says otherwise.
        "sending": form or SendForm(task=task, initial={"when": LATER} if limits else {}),
        "foresight": limits,
        "slots": sending_queries.slots(task, begins_at),
        "checks_again": sending_queries.new_check_helps(task),
        "not_sent": task.not_sent,
    }


def _country_of(row: queries.RowView | None) -> str:
    return row.message.country if row and row.message else ""


def _notes(task: SendTask) -> list[str]:
    """Return what was read in another way than people may expect."""
    notes = task.facts.get("notes", [])
    return [note_sentence(code, params) for code, params in notes if code not in _IN_THE_HEAD]


def sentence_of(problem: Problem) -> Sentence:
    """Return why a row is not sent, and what to do."""
    return row_sentence(problem.code, problem.params, problem.value, problem.suggestion)


def _costly(task: SendTask) -> dict[str, Any] | None:
    """Return the characters of variables that cost segments and have a cheaper look-alike."""
    costly = task.facts.get("costly") or {}
    if not costly:
        return None
    rows, saved = (max(figures[place] for figures in costly.values()) for place in (0, 1))
    characters = [(character, replacements.of(character)) for character in sorted(costly)]
    return {**_saving(task, rows, saved), "characters": characters}


def _in_parts(task: SendTask) -> dict[str, int] | None:
    """Return what letters in parts (NFD) cost that stay UCS-2 when they are joined."""
    rows, saved = task.facts.get("in_parts") or (0, 0)
    return _saving(task, rows, saved) if rows else None


def _saving(task: SendTask, rows: int, saved: int) -> dict[str, int]:
    micro = saved * task.cost_micro // task.segments if task.segments else 0
    return {"rows": rows, "segments": saved, "micro": micro}


@needs("numbers")
@require_GET
@limited(DOWNLOADS)
def problems(request: MemberRequest, pk: int) -> HttpResponseBase:
    """Download the rows that are not sent: the same columns, and the reason."""
    task = get_object_or_404(tasks.tasks(request.organization), pk=pk)
    headings = task.facts.get("headings") or [_("Mobile number")]
    own = [_("Row"), _("Cell"), _("Code"), _("Problem"), _("What to do")]
    width = len(headings)
    found = queries.problems_of(task).iterator(chunk_size=2_000)
    rows = (_problem_row(problem, width) for problem in found)
    return download(f"task-{task.pk}-not-sent.csv", stream_csv([*headings, *own], rows))


def _problem_row(problem: Problem, width: int) -> list[Any]:
    """Return the cells of a row that is not sent, filled up to `width`, and why."""
    sentence = sentence_of(problem)
    cells = [*problem.cells, *[""] * width][:width]
    return [*cells, problem.row, problem.cell, problem.code, sentence.what, sentence.to_do]
