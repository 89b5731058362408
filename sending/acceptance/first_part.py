"""The first messages of a task as a task of their own: as many as a limit leaves room for.

The rest stays in its task and waits for a person. A message is of one task all the time, so that
none is lost and none is sent twice; both tasks are written in one transaction.
"""

from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.models import User
from sending.acceptance import memory
from sending.acceptance.day_limits import DayLimits, Part
from sending.acceptance.refusals import Refused
from sending.lifecycle import TaskState
from sending.models import Batch, Message, RecipientSource, Retry, SendTask, TaskCountry
from sending.models.stepping import step_task
from sending.sms.data_coding import DataCoding

# Moving more of them at once would keep others waiting.
MOST = 50_000
_NAME_CHARS = 60


def limits_today(task: SendTask) -> DayLimits:
    """Return the limits that a task would take from if it was sent now."""
    terms = memory.read_terms((task.organization_id, task.application_id))
    return DayLimits(terms, terms.organization.local_hour(shared_time.now()))


def shortages(task: SendTask, limits: DayLimits) -> list[Refused]:
    """Return the limits of the day that a task would pass."""
    rows = task.countries.order_by("country")
    return limits.short(Part(row.country, row.segments, row.messages) for row in rows)


def that_fit(task: SendTask, limits: DayLimits) -> int:
    """Return how many of its first messages fit into the limits of the day, at most MOST."""
    rows = Message.objects.filter(task_id=task.pk).order_by("row")
    parts = rows.values_list("country", "segments")[:MOST]
    return limits.first_that_fit(Part(*row) for row in parts.iterator(chunk_size=5_000))


def split(task: SendTask, count: int, by: User) -> SendTask | None:
    """Move the first messages of a checked task into a new one, which is READY; return it.

    None if the task is not READY any more. Call it in a transaction. The rest keeps the source, and
    knows up to which row it was sent.
    """
    locked = SendTask.objects.select_for_update().filter(pk=task.pk, state=TaskState.READY.value)
    if not locked.exists():
        return None
    task.refresh_from_db()
    rows = Message.objects.filter(task_id=task.pk).order_by("row")
    moved = dict(rows.values_list("pk", "row")[:count])
    last_row = max(moved.values())
    first = _like(task, len(moved), by)
    Message.objects.filter(task_id=task.pk, row__lte=last_row).update(task_id=first.pk)
    _move_batches(task, first, set(moved))
    _move_countries(task, first)
    if task.source == RecipientSource.RETRY:
        _move_failures(task, first)
        # Without them, its rows are counted anew by the next check.
        last_row = 0
    _write_figures(task, first, last_row)
    task.refresh_from_db()
    first.refresh_from_db()
    return first


def _like(task: SendTask, count: int, by: User) -> SendTask:
    """Make a task that says the same to others, and knows the part before it."""
    same = (
        *("organization", "application", "lane", "text_template_version", "language_versions"),
        *("signature_version", "price_version", "originator", "country_originators"),
        *("validity_minutes", "pace_messages", "pace_minutes", "currency"),
        *("source", "upload", "group", "variable_columns", "first_part", "first_part_row"),
        *("retry_of", "retry"),
    )
    return SendTask.objects.create(
        name=_("First %(n)s: %(name)s") % {"n": count, "name": task.name[:_NAME_CHARS]},
        created_by=by,
        **{name: getattr(task, name) for name in same},
    )


def _move_batches(task: SendTask, first: SendTask, moved: set[int]) -> None:
    for batch in Batch.objects.filter(task_id=task.pk).order_by("pk"):
        ids = [pk for pk in batch.ids if pk in moved]
        if not ids:
            continue
        Batch.objects.hold(
            organization_id=batch.organization_id,
            task_id=first.pk,
            gateway_id=batch.gateway_id,
            lane=batch.lane,
            ids=ids,
        )
        rest = [pk for pk in batch.ids if pk not in moved]
        if rest:
            Batch.objects.filter(pk=batch.pk).update(ids=rest)
        else:
            batch.delete()


def _move_failures(task: SendTask, first: SendTask) -> None:
    """Say that the failures of a retry are sent again by its first part."""
    numbers = Message.objects.filter(task_id=first.pk).values("msisdn")
    own = Retry.objects.filter(task=task)
    failed = Message.objects.filter(pk__in=own.values("message_id"), msisdn__in=numbers)
    own.filter(message_id__in=list(failed.values_list("pk", flat=True))).update(task=first)


def _move_countries(task: SendTask, first: SendTask) -> None:
    sums = Message.objects.filter(task_id=first.pk).order_by().values_list("country")
    found = sums.annotate(Count("pk"), Sum("segments"), Sum("cost_micro"))
    for country, messages, segments, cost_micro in list(found):
        row = task.countries.get(country=country)
        TaskCountry.objects.create(
            task=first,
            country=country,
            messages=messages,
            segments=segments,
            unit_micro=row.unit_micro,
            cost_micro=cost_micro,
        )
        row.messages -= messages
        row.segments -= segments
        row.cost_micro -= cost_micro
        if row.messages:
            row.save()
        else:
            row.delete()


def _write_figures(task: SendTask, first: SendTask, last_row: int) -> None:
    """Say of both what a check would have said."""
    step_task(TaskState.CHECKING, first.pk)
    own = _figures(first)
    step_task(
        TaskState.READY,
        first.pk,
        checked_at=task.checked_at,
        rows_read=own["accepted"],
        **own,
    )
    rest = _figures(task)
    SendTask.objects.filter(pk=task.pk).update(
        **rest | {"facts": task.facts | rest["facts"]},
        rows_read=task.rows_read - own["accepted"],
        first_part=first,
        first_part_row=last_row,
    )


def _figures(task: SendTask) -> dict[str, Any]:
    messages = Message.objects.filter(task_id=task.pk)
    sums = task.countries.aggregate(
        n=Sum("messages"), segments=Sum("segments"), cost=Sum("cost_micro")
    )
    facts = messages.aggregate(
        multi_segment_rows=Count("pk", filter=Q(segments__gt=1)),
        ucs2_rows=Count("pk", filter=Q(data_coding=int(DataCoding.UCS2))),
    )
    first_row = messages.order_by("row").values_list("row", flat=True).first()
    return {
        "accepted": sums["n"] or 0,
        "segments": sums["segments"] or 0,
        "cost_micro": sums["cost"] or 0,
        "facts": {**facts, "seconds": 0, "first_row": first_row or 0},
    }
