"""Temporary failures of a task that can be sent again, each of them once."""

from dataclasses import dataclass
from functools import partial

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from sending.error_codes.table import CodeMeaning, explain, temporary_codes
from sending.intake.retry_recipients import FAILED, MOST
from sending.lifecycle import Lane, TaskState
from sending.models import Attention, Retry, SendTask

LOOK_SECONDS = 60
_OVER = frozenset({TaskState.FINISHED, TaskState.CANCELLED})
_NEVER_SENT = Q(
    task__state__in=[TaskState.CANCELLED.value, TaskState.REJECTED.value],
    task__accepted_hour=None,
)


@dataclass(frozen=True, slots=True)
class TemporaryFailures:
    """The temporary failures with one code."""

    meaning: CodeMeaning
    messages: int


def temporary_failures(task: SendTask) -> list[TemporaryFailures]:
    """Return the temporary failures of a task that is over, the most frequent code first.

    Those that no other task has; the first 50,000 of them fit into one retry. One-time passwords
    are of no use later, and their variables are erased.
    """
    if task.state not in _OVER or task.lane == Lane.OTP.value or task.erased_at:
        return []
    taken = Retry.objects.filter(message_id=OuterRef("message_id")).exclude(_NEVER_SENT)
    failed = Attention.objects.for_organization(task.organization).filter(
        task_id=task.pk,
        state__in=[state.value for state in FAILED],
        code__in=temporary_codes(),
    )
    rows = failed.filter(~Exists(taken)).values_list("code").annotate(n=Count("message_id"))
    return [TemporaryFailures(explain(code), n) for code, n in rows.order_by("-n", "code")]


def retryable(task: SendTask) -> int:
    """Return how many messages a retry would send now.

    A task of a million may have 100,000 failures, so a page that renews itself counts them once
    a minute only, and at once when a retry was made, sent or discarded.
    """
    if task.state not in _OVER:
        return 0
    retries = SendTask.objects.for_organization(task.organization).filter(retry_of=task)
    known = [f"{pk}{state}" for pk, state in retries.order_by("pk").values_list("pk", "state")]
    key = ":".join(["retryable", str(task.pk), task.created_at.isoformat(), *known])
    return int(cache.get_or_set(key, partial(_most, task), LOOK_SECONDS) or 0)


def _most(task: SendTask) -> int:
    return min(sum(each.messages for each in temporary_failures(task)), MOST)


def given_up(task: SendTask) -> QuerySet[Retry]:
    """Return the retries of a task's failures that were never sent, and never will be."""
    return Retry.objects.filter(_NEVER_SENT, task__retry_of=task)


def unsent_retry(task: SendTask) -> SendTask | None:
    """Return the task that has failures of `task` and waits for its check or for Send."""
    waiting = [
        TaskState.DRAFT,
        TaskState.CHECKING,
        TaskState.READY,
        TaskState.WAITING,
        TaskState.SCHEDULED,
    ]
    retries = SendTask.objects.for_organization(task.organization).filter(retry_of=task)
    return retries.filter(state__in=[state.value for state in waiting]).first()
