"""What people do about when a task is sent: another time, now instead, back, the first part."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import User
from accounts.queries import check_may_send
from sending.acceptance import first_part, starting
from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.starting import Press, note
from sending.lifecycle import TaskState
from sending.models import SendTask
from sending.send_tasks.actions import SendingTerms, choose_terms, send_or_schedule


@transaction.atomic
def change_time(*, task: SendTask, user: User, at: datetime) -> None:
    """Give a scheduled task another time."""
    check_may_send(task.organization, task.application)
    try:
        changed = starting.change_time(task, user, at)
    except NotAccepted as refusal:
        raise Conflict(str(refusal)) from refusal
    if not changed:
        raise Conflict(_("This task is no longer scheduled, so its time cannot be changed."))


@transaction.atomic
def send_now(*, task: SendTask, user: User) -> None:
    """Send a scheduled task without waiting for its time."""
    if not send_or_schedule(task, Press(by=user, only_from=TaskState.SCHEDULED)):
        raise Conflict(_("This task is no longer scheduled."))


@transaction.atomic
def take_back(*, task: SendTask, user: User) -> None:
    """Make a scheduled task wait for a press of Send again."""
    if not starting.take_back(task, user):
        raise Conflict(_("This task is no longer scheduled, so there is nothing to unschedule."))


@transaction.atomic
def send_first(*, task: SendTask, user: User, first: int, terms: SendingTerms | None) -> SendTask:
    """Send the first messages of a task now; the rest stays in it. Return the task that is sent."""
    if not 0 < first < task.accepted or first > first_part.MOST:
        raise Conflict(_("The figures have changed. Look at the new ones before you send."))
    if terms is not None:
        choose_terms(task, terms)
    sent = first_part.split(task, first, user)
    if sent is None:
        raise Conflict(_("This task cannot be sent: it is not checked, or it was cancelled."))
    if not send_or_schedule(sent, Press(by=user, messages=first)):
        raise Conflict(_("The figures have changed. Look at the new ones before you send."))
    note(task, "first_sent", user, messages=first, task=str(sent.pk))
    return sent
