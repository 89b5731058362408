"""Tells whoever sent a task that it ended, or that it could not be sent: for the engine."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from accounts.models import Member
from accounts.names import in_mail
from accounts.notices import NoticeKind, tell
from sending.lifecycle import MessageState
from sending.models import Counter, SendTask
from sending.models.figures import Figures

WORTH_TELLING = timedelta(minutes=10)
"""The sender of a task that is over sooner is still looking at it."""

FILE_REFUSED = "FILE_REFUSED"
SUSPENDED = "SUSPENDED"
CANCELLED_BY_SUSPENSION = "CANCELLED_BY_SUSPENSION"
EXPIRED = "EXPIRED"
REVOKED = "REVOKED"
PAUSED_BY_OPERATOR = "PAUSED_BY_OPERATOR"
CANCELLED_BY_OPERATOR = "CANCELLED_BY_OPERATOR"


def tell_ended(task: SendTask) -> None:
    """Tell of a task that has just ended, if it took long or was scheduled, or failed wholly.

    Call it once a task, in the transaction that ends it.
    """
    counters = Counter.objects.for_organization(task.organization).filter(task_id=task.pk)
    figures = counters.figures_by("task_id", Figures).get(task.pk, Figures())
    if figures.total and figures.of({MessageState.EXPIRED}) == figures.total:
        tell_failed(task, EXPIRED)
    elif task.scheduled_at or _seems_long(task):
        _tell(
            NoticeKind.TASK_ENDED,
            task,
            handed_over=figures.handed_over,
            delivered=figures.delivered,
            failed=figures.failed,
            not_sent=figures.left,
        )


def tell_failed(task: SendTask, why: str, **params: Any) -> None:
    """Tell that a task could not be sent, or waits; in the transaction that decides so."""
    _tell(NoticeKind.TASK_FAILED, task, why=why, **params)


def _seems_long(task: SendTask) -> bool:
    if task.sent_at is None or task.finished_at is None:
        return False
    return task.finished_at - task.sent_at >= WORTH_TELLING


def _tell(kind: NoticeKind, task: SendTask, **params: Any) -> None:
    # Who has left the organization is told nothing of it.
    members = Member.objects.for_organization(task.organization).select_related("user")
    sender = members.filter(user_id=task.sent_by_id or task.created_by_id)
    tell(
        kind,
        task.organization,
        people=[member.user for member in sender],
        path=reverse("send_tasks:detail", args=[task.pk]),
        task=in_mail(task.name),
        **params,
    )
