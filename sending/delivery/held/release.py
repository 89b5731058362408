"""An operator releases a console that is held: what is not proven is decided, then it works again.

The decision is one act; what follows from it is done in slices, and may be stopped and gone on
with. Nothing leaves before all of it is done.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict
from accounts.held import place_of_database
from accounts.models import AuditEntry, Notice, Rest, Standing
from accounts.models.standing import new_instance
from accounts.notice_kinds import NoticeChannel, NoticeState
from sending.delivery.database import durably
from sending.delivery.held import comparison
from sending.delivery.held.settling import LOST, NOT_STARTED
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, BindSlot, Message, SendHost, SendTask, TaskEvent
from sending.models.message import first_id_at
from sending.models.stepping import MessageChange, step, step_task

_AT_ONCE = 200
_OF_US = (MessageState.QUEUED.value, MessageState.SUBMITTING.value)


@transaction.atomic
def release(actor: Any, rest: Rest) -> None:
    """Decide what becomes of what is not proven, and begin the release; raise Conflict.

    `go_on` does what follows. Without all journals, `Rest.QUEUED` is the operator's own word that
    nothing was sent since.
    """
    standing = Standing.objects.select_for_update().filter(pk=1).first()
    known = comparison.compare()
    if standing is None or known is None:
        raise Conflict(_("The console is not held."))
    if standing.rest:
        raise Conflict(_("The console is already being released."))
    Standing.objects.filter(pk=1).update(rest=rest.value, progress={"batch": 0, "doubt": 0})
    AuditEntry.record(
        action="console.released",
        subject=standing.held_because,
        organization=None,
        actor=actor,
        rest=rest.value,
        proven=known.is_complete,
        waiting=known.waiting,
        sent=known.figures.get("sent", 0),
        silent_hosts=known.silent_hosts,
        missing_claims=known.missing_claims,
    )


def go_on(seconds: float = 5.0) -> bool:
    """Do a part of what was decided; False when the console is released, or nobody decided."""
    standing = Standing.current()
    if standing.held_since is None or not standing.rest:
        return False
    until = time.monotonic() + seconds
    if standing.rest == Rest.DOUBT.value:
        while _put_in_doubt(standing):
            if time.monotonic() > until:
                return True
            standing.refresh_from_db()
    _finish(standing)
    return False


def _put_in_doubt(standing: Standing) -> int:
    """Put in doubt what may have left of some batches; return how many batches there were."""
    assert standing.held_since is not None
    after = standing.progress["batch"]
    rows = Batch.objects.filter(pk__gt=after).order_by("pk")
    batches = list(rows[:_AT_ONCE])
    if not batches:
        return 0
    tasks = SendTask.objects.filter(pk__in={batch.task_id for batch in batches if batch.task_id})
    not_started = set(tasks.filter(state__in=NOT_STARTED).values_list("pk", flat=True))
    # What was accepted since the hold began has not left.
    limit = first_id_at(standing.held_since)
    doubtful: dict[int, int] = defaultdict(int)
    with durably():
        for batch in batches:
            if batch.task_id not in not_started:
                doubtful[batch.task_id or 0] += _doubt(batch, limit)
        done = standing.progress["doubt"] + sum(doubtful.values())
        Standing.objects.filter(pk=1).update(progress={"batch": batches[-1].pk, "doubt": done})
        for task_id, count in doubtful.items():
            if task_id and count:
                TaskEvent.objects.create(
                    task_id=task_id, code="doubt_after_restore", params={"count": count}
                )
    return len(batches)


def _doubt(batch: Batch, limit: int) -> int:
    """Put the messages of a batch in doubt that are older than an id; return how many."""
    older = {pk for pk in batch.ids if pk < limit}
    rows = Message.objects.filter(pk__among=older, state__in=_OF_US)
    ids = list(rows.values_list("pk", flat=True))
    Message.objects.filter(pk__among=set(ids), gateway_id=None).update(gateway_id=batch.gateway_id)
    step(MessageState.SUBMITTING, ids)
    doubtful = step(MessageState.IN_DOUBT, [MessageChange(pk, Reason.RESTORED) for pk in ids])
    left = [pk for pk in batch.ids if pk >= limit]
    if left:
        Batch.objects.filter(pk=batch.pk).update(ids=left)
    else:
        Batch.objects.filter(pk=batch.pk).delete()
    return len(doubtful)


@transaction.atomic
def _finish(standing: Standing) -> None:
    """Begin a new history of the database, in which things leave again."""
    assert standing.held_since is not None
    known = comparison.compare()
    if standing.rest == Rest.DOUBT.value:
        _ask_about_tasks()
    if standing.rest == Rest.DOUBT.value or (known and known.figures.get(LOST)):
        _end_notices(standing.held_since)
    reports = _reports(standing)
    _count_on_from_what_was_seen(reports)
    SendHost.objects.update(reported_for=None, report={})
    Standing.objects.filter(pk=1).update(
        instance=new_instance(),
        earlier=_earlier(standing, reports),
        place=place_of_database(),
        held_since=None,
        held_because="",
        details={},
        rest="",
        progress={},
    )


def _ask_about_tasks() -> None:
    """Leave to people whether a task is sent that may have been sent since the backup."""
    due = SendTask.objects.filter(
        state=TaskState.SCHEDULED.value, scheduled_at__lte=shared_time.now()
    ).values_list("pk", flat=True)
    reason = {"code": "RESTORED", "params": {}}
    for pk in list(due):
        step_task(TaskState.READY, pk, only_from=TaskState.SCHEDULED, not_sent=reason)
    tasks = SendTask.objects.filter(state__in=NOT_STARTED)
    for pk in list(tasks.values_list("pk", flat=True)):
        TaskEvent.objects.create(task_id=pk, code="restored")


def _end_notices(before: datetime) -> None:
    """Give up notices by SMS that may have gone out: the message of one is not in this database."""
    waiting = Notice.objects.waiting(NoticeChannel.SMS.value).filter(created_at__lt=before)
    waiting.step(
        NoticeState.FAILED,
        code=Reason.RESTORED.value,
        due_at=None,
        ended_at=shared_time.now(),
        text="",
    )


def _reports(standing: Standing) -> list[dict[str, Any]]:
    hosts = SendHost.objects.filter(reported_for=standing.held_since)
    return list(hosts.values_list("report", flat=True))


def _earlier(standing: Standing, reports: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the histories before the one that begins, with those that hosts have seen.

    A backup that is restored a second time does not know the one that began after the first: hosts
    that do would hold the console for ever.
    """
    # A host of the version before did not say what it has seen.
    seen = [report.get("instance", "") for report in reports]
    return list(dict.fromkeys(filter(None, [*standing.earlier, *seen, standing.instance])))


def _count_on_from_what_was_seen(reports: Iterable[Mapping[str, Any]]) -> None:
    """Give no number to a claim that another history of this database has given."""
    for report in reports:
        for name, claims in report["seen"].items():
            gateway, _dash, number = name.partition("-")
            slots = BindSlot.objects.filter(gateway_id=gateway, number=number)
            slots.filter(claims__lt=claims).update(claims=claims)
