"""A checked task begins to be sent, or waits for its time: what a press of Send comes to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import shared_time
from accounts.models import AuditEntry, User
from sending.acceptance.not_accepted import MISSED, NotAccepted
from sending.acceptance.second_person import check_approved, check_sender
from sending.acceptance.send_task import accept, look_again
from sending.lifecycle import Lane, TaskState
from sending.models import SendTask, TaskEvent
from sending.models.stepping import step_task

# Whoever is woken up every few seconds is on time within these.
_ON_TIME = timedelta(minutes=1)
# No one-time password is kept for more than a day; see retention/periods.py.
_ONE_TIME_PASSWORDS = timedelta(hours=22)


@dataclass(frozen=True, slots=True)
class Press:
    """Who wants a task sent, when (now, if no time is given), and what state it must be in.

    `messages` is how many they were shown, if anybody was.
    """

    by: User
    at: datetime | None = None
    only_from: TaskState = TaskState.READY
    messages: int | None = None


def latest_time(task: SendTask) -> datetime:
    """Return until when a task can be scheduled: for so long what it was read from is kept."""
    if task.lane == Lane.OTP.value:
        return task.created_at + _ONE_TIME_PASSWORDS
    return shared_time.now() + timedelta(days=settings.SCHEDULE_MOST_DAYS)


def start(task: SendTask, press: Press, now: datetime | None = None) -> bool:
    """Send a task that was checked, or keep it until its time; return whether this call did it.

    Of calls at the same moment one does it. Call it in a transaction; raise NotAccepted, after
    which that must be undone.
    """
    now = now or shared_time.now()
    late = now - press.at if press.at else timedelta()
    if late < timedelta():
        return _keep(task, press)
    if late > grace():
        raise NotAccepted(MISSED, minutes=late // timedelta(minutes=1))
    if not step_task(
        TaskState.SENDING,
        task.pk,
        only_from=press.only_from,
        sent_by=press.by,
        sent_at=now,
        not_sent={},
    ):
        task.refresh_from_db()
        return False
    _read_again(task, press)
    accept(task, now)
    # The organization is locked by now: nobody's rights change before the commit.
    _check_press(task, press)
    _say_sent(task, press, late)
    return True


def grace() -> timedelta:
    """Return by how much a task may be late and still be sent."""
    return timedelta(minutes=settings.SCHEDULE_GRACE_MINUTES)


def _keep(task: SendTask, press: Press) -> bool:
    kept = step_task(
        TaskState.SCHEDULED,
        task.pk,
        only_from=press.only_from,
        scheduled_at=press.at,
        scheduled_by=press.by,
        not_sent={},
    )
    if not kept:
        task.refresh_from_db()
        return False
    _read_again(task, press)
    # Better said now than when it is due.
    look_again(task)
    _check_press(task, press)
    if press.at:
        note(task, "scheduled", press.by, at=press.at.isoformat())
    return True


def _read_again(task: SendTask, press: Press) -> None:
    """Read what the step has locked, and see that it is what was shown."""
    task.refresh_from_db()
    if press.messages not in {None, task.accepted}:
        raise NotAccepted("CHECKED_AGAIN")


def _check_press(task: SendTask, press: Press) -> None:
    check_sender(task, press.by)
    check_approved(task, before=press.only_from)


def _say_sent(task: SendTask, press: Press, late: timedelta) -> None:
    """Write down what happened: nobody pressed anything when a schedule fell due."""
    figures: dict[str, Any] = {"messages": task.accepted, "segments": task.segments}
    if press.at is None:
        note(task, "sent", press.by, **figures)
    elif late < _ON_TIME:
        note(task, "sent_on_time", press.by, nobody=True, **figures)
    else:
        minutes = late // timedelta(minutes=1)
        note(task, "sent_late", press.by, nobody=True, minutes=minutes, **figures)


@transaction.atomic
def change_time(task: SendTask, by: User, at: datetime) -> bool:
    """Give a scheduled task another time; return whether it was still scheduled.

    Raise NotAccepted if they may not send a task of its size.
    """
    scheduled = SendTask.objects.filter(pk=task.pk, state=TaskState.SCHEDULED.value)
    if not scheduled.update(scheduled_at=at, scheduled_by=by):
        return False
    check_sender(task, by)
    note(task, "rescheduled", by, at=at.isoformat())
    return True


@transaction.atomic
def take_back(task: SendTask, by: User) -> bool:
    """Make a scheduled task wait for a press of Send again; return whether it was scheduled."""
    if not step_task(TaskState.READY, task.pk, only_from=TaskState.SCHEDULED, scheduled_at=None):
        return False
    note(task, "taken_back", by)
    return True


def note(
    task: SendTask, code: str, by: User | None, /, *, nobody: bool = False, **params: Any
) -> None:
    """Write the history of the task and the audit trail of the organization, as the last step.

    With `nobody`, it happened because `by` had wanted it, and nobody acts now.
    """
    TaskEvent.objects.create(task=task, code=code, params=params, actor=by)
    AuditEntry.record(
        action=f"send_task.{code}",
        subject=f"{task.pk} {task.name}",
        organization=task.organization,
        actor=None if nobody else by,
        **params,
        **({"wanted_by": str(by)} if nobody and by else {}),
    )
