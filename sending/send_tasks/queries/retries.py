"""Temporary failures of a task that can be sent again, each of them once."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from sending.delivery.errors import Meaning, explain
from sending.intake.retrying import FAILED, MOST
from sending.lifecycle import Lane, TaskState
from sending.models import Attention, Retry, SendTask

_OVER = frozenset({TaskState.FINISHED, TaskState.CANCELLED})
_NEVER_SENT = Q(
    task__state__in=[TaskState.CANCELLED.value, TaskState.REJECTED.value],
    task__accepted_hour=None,
)


@dataclass(frozen=True, slots=True)
class Failures:
    """The temporary failures with one code."""

    meaning: Meaning
    messages: int


def temporary_failures(task: SendTask) -> list[Failures]:
    """Return the temporary failures of a task that is over, the most frequent code first.

    Those that no other task has; of its first 50,000 failures, by index attention_task_state.
    One-time passwords are of no use later, and their variables are erased.
    """
    if task.state not in _OVER or task.lane == Lane.OTP.value:
        return []
    first = _failures(task).order_by("message_id").values("message_id")[:MOST]
    # Any organization: the ids are those of this task.
    rows = Attention.objects.filter(message_id__in=first).values_list("code")
    counted = rows.annotate(n=Count("message_id")).order_by("-n", "code")
    found = [Failures(explain(code), n) for code, n in counted if code]
    return [failures for failures in found if failures.meaning.temporary]


def _failures(task: SendTask) -> QuerySet[Attention]:
    taken = Retry.objects.filter(message_id=OuterRef("message_id")).exclude(_NEVER_SENT)
    failed = Attention.objects.for_organization(task.organization).filter(
        task_id=task.pk, state__in=[state.value for state in FAILED]
    )
    return failed.filter(~Exists(taken))


def given_up(task: SendTask) -> QuerySet[Retry]:
    """Return the retries of a task's failures that were never sent, and never will be."""
    return Retry.objects.filter(_NEVER_SENT, task__retry_of=task)


def unsent_retry(task: SendTask) -> SendTask | None:
    """Return the task that has failures of `task` and waits for its check or for Send."""
    waiting = [TaskState.DRAFT, TaskState.CHECKING, TaskState.READY, TaskState.SCHEDULED]
    retries = SendTask.objects.for_organization(task.organization).filter(retry_of=task)
    return retries.filter(state__in=[state.value for state in waiting]).first()
