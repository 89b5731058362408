"""What the check found: problems page by page, and any row as its handset will show it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.paging import Page
from sending.message_text import text_of
from sending.models import Message, Problem, SendTask, TaskCountry
from sending.models.problem import problem_page
from sending.sms.preview import Preview
from templates_app.language_names import language_name
from templates_app.models import TextTemplateVersion

_TESTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the sheet: its message and text, or the problem that keeps it from being sent."""

    row: int
    message: Message | None
    problem: Problem | None
    preview: Preview | None
    previous: int | None
    next: int | None


def countries(task: SendTask) -> list[TaskCountry]:
    """Return what the check found for each country, the biggest first."""
    return list(task.countries.order_by("-messages", "country"))


def messages_of(task: SendTask) -> QuerySet[Message]:
    """Return the messages of a task; they exist for people only once its check is complete."""
    return Message.objects.for_organization(task.organization).filter(task_id=task.pk)


def messages_are_gone(task: SendTask) -> bool:
    """Tell whether the messages of a task were deleted for good, long after they were erased."""
    return task.erased_at is not None and not messages_of(task).exists()


def problems_of(task: SendTask) -> QuerySet[Problem]:
    """Return the rows of a task that are not sent, by row."""
    problems = Problem.objects.for_organization(task.organization).filter(task_id=task.pk)
    return problems.order_by("row", "pk")


def problems_with(task: SendTask, code: str, after: str) -> Page[Problem]:
    """Return a page of problems with this code (any, if empty)."""
    problems = problems_of(task)
    return problem_page(problems.filter(code=code) if code else problems, after)


def problem_counts(task: SendTask) -> list[tuple[str, int]]:
    """Return (code, rows) as the check counted them, the most frequent first."""
    counts = task.facts.get("problem_codes", {})
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def row_view(task: SendTask, row: int | None, *, hides_codes: bool = False) -> RowView | None:
    """Return a row of the task, the first one that is sent if none is asked for."""
    messages = messages_of(task).order_by("row")
    if row is None:
        message = messages.first()
        row = message.row if message else None
    else:
        message = messages.filter(row=row).first()
    if row is None:
        return None
    before = messages.filter(row__lt=row).last()
    after = messages.filter(row__gt=row).first()
    return RowView(
        row=row,
        message=message,
        problem=None if message else problems_of(task).filter(row=row).first(),
        preview=text_of_task(task, message, hides_codes=hides_codes),
        previous=before.row if before else None,
        next=after.row if after else None,
    )


def tests_of(task: SendTask) -> list[Message]:
    """Return the newest tests of a task, as they are now."""
    events = task.events.filter(code="tested").order_by("-pk")[:_TESTS_SHOWN]
    ids = [int(event.params["message"]) for event in events]
    own = Message.objects.for_organization(task.organization)
    return list(own.filter(pk__in=ids).order_by("-pk"))


def text_of_task(
    task: SendTask, message: Message | None, *, hides_codes: bool = False
) -> Preview | None:
    """Return the exact text of a message of a task; see text_of."""
    if message is None:
        return None
    version = task.text_template_version
    if message.text_template_version_id != version.pk:
        # In the language of its recipient.
        own = TextTemplateVersion.objects.for_organization(task.organization)
        version = own.get(pk=message.text_template_version_id)
    return text_of(message, version, task.signature_version, hides_codes=hides_codes)


@dataclass(frozen=True, slots=True)
class TaskLanguages:
    """How many recipients of a task get which language, and why some get the first one instead."""

    lines: list[tuple[str, int]]
    unknown: int
    other: int


def task_languages(task: SendTask) -> TaskLanguages | None:
    """Return the languages of a checked task; None for a text in one."""
    found = task.facts.get("languages") or {}
    if not found:
        return None
    taken = sorted(found["taken"].items(), key=lambda pair: (-pair[1], pair[0]))
    fell_back = found["fell_back"]
    return TaskLanguages(
        [(language_name(tag) if tag else "", count) for tag, count in taken],
        fell_back.get("unknown", 0),
        fell_back.get("other", 0),
    )
