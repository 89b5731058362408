"""Messages that wait: released at once by a conversion or a person, or blocked at the end."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from accounts import shared_time
from accounts.statements import run_together
from sending.delivery.database import durably
from sending.error_codes.reasons import Reason
from sending.guard.counters import addition
from sending.guard.subjects import subject_of
from sending.lifecycle import Lane, MessageState
from sending.models import ApiMessage, Batch, Gateway, GuardEvent, GuardHold
from sending.models.stepping import MessageChange, step

_AT_ONCE = 500


def release(organization_id: int, message_ids: Iterable[int], at: datetime | None = None) -> int:
    """Make held messages due, and return how many were; enqueue `tasks.submit` on commit.

    One that has waited for longer than its text is useful expires when its turn comes. What was
    cancelled meanwhile stays so. At most a few hundred a call.
    """
    at = at or shared_time.now()
    with transaction.atomic():
        held = _held(organization_id, message_ids)
        if not held:
            return 0
        ids = [hold.message_id for hold in held]
        wanted = ApiMessage.objects.filter(organization_id=organization_id, pk__among=ids)
        due = dict(wanted.exclude(due_at=None).values_list("pk", "due_at"))
        released = 0
        for batch, taken in _taken_out(held):
            for pk in taken:
                released += 1
                Batch.objects.create(
                    organization_id=batch.organization_id,
                    application_id=batch.application_id,
                    gateway_id=batch.gateway_id,
                    lane=batch.lane,
                    due_at=max(at, due.get(pk, at)),
                    ids=[pk],
                )
        _close(held, at, is_released=True)
        _count(organization_id, ids)
    return released


def end_due() -> int:
    """Block what nobody released until its end; return how many messages."""
    now = shared_time.now()
    blocked = 0
    while True:
        due = GuardHold.objects.filter(over_at=None, until__lte=now).order_by("until")
        held = list(due.values_list("organization_id", "message_id")[:_AT_ONCE])
        if not held:
            return blocked
        for organization_id in sorted({owner for owner, _pk in held}):
            ids = [pk for owner, pk in held if owner == organization_id]
            blocked += _block(organization_id, ids, now)


def _block(organization_id: int, ids: Collection[int], now: datetime) -> int:
    with durably():
        held = _held(organization_id, ids)
        # Whoever came first has closed the others.
        list(_taken_out(held))
        _close(held, now, is_released=False)
        changes = [MessageChange(hold.message_id, Reason.GUARD_HELD) for hold in held]
        return len(step(MessageState.BLOCKED, changes))


def _held(organization_id: int, message_ids: Iterable[int]) -> list[GuardHold]:
    rows = GuardHold.objects.filter(
        organization_id=organization_id, pk__among=sorted(message_ids), over_at=None
    )
    return list(rows.select_for_update().order_by("pk"))


def _taken_out(held: Collection[GuardHold]) -> Iterable[tuple[Batch, list[int]]]:
    """Take messages out of the batches in which they wait, and yield which were in which."""
    wanted = {hold.message_id for hold in held}
    due = {hold.batch_due_at for hold in held}
    # Index batch_due; whichever gateway it has by now.
    batches = Batch.objects.filter(
        gateway__in=list(Gateway.objects.values_list("pk", flat=True)),
        lane=Lane.OTP.value,
        due_at__in=due,
        owner="",
        task_id=None,
    )
    for batch in batches.select_for_update().order_by("pk"):
        taken = [pk for pk in batch.ids if pk in wanted]
        if not taken:
            continue
        batch.ids = [pk for pk in batch.ids if pk not in wanted]
        if batch.ids:
            batch.save(update_fields=["ids"])
        else:
            batch.delete()
        yield batch, taken


def _close(held: Collection[GuardHold], at: datetime, *, is_released: bool) -> None:
    ids = [hold.pk for hold in held]
    GuardHold.objects.filter(pk__among=ids).update(over_at=at, is_released=is_released)


def _count(organization_id: int, ids: Collection[int]) -> None:
    """Count as sent what waited until now."""
    events = GuardEvent.objects.filter(organization_id=organization_id, pk__among=list(ids))
    subjects = [subject_of(event) for event in events.filter(is_held=True).order_by("pk")]
    events.update(is_held=False)
    run_together([addition(organization_id, subjects)])
