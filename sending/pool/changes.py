"""What is done to many customers, in short transactions and in the order of their ids."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Max, Q, QuerySet

from accounts import shared_time
from accounts.models import AuditEntry
from sending.intake import row_storage
from sending.models import (
    ChangeKind,
    ChangeState,
    Customer,
    CustomerChange,
    CustomerGroup,
    GroupMembership,
    Suppression,
)
from sending.models.bulk import insert_rows
from sending.pool.filters import STRETCH, CustomerFilter, matching

log = logging.getLogger(__name__)

_STALE_AFTER = timedelta(seconds=30)


def unfinished() -> list[int]:
    """Return the changes that are under way, or whose worker died."""
    running = CustomerChange.objects.filter(state=ChangeState.RUNNING.value)
    return list(running.order_by("pk").values_list("pk", flat=True))


def run(change_id: int) -> bool:
    """Bring a change to its end; return whether this call did it. May be repeated."""
    now = shared_time.now()
    free = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - _STALE_AFTER)
    running = CustomerChange.objects.filter(pk=change_id, state=ChangeState.RUNNING.value)
    if not running.filter(free).update(heartbeat_at=now):
        return False
    change = running.select_related("organization", "source", "target", "started_by").get()
    return _ChangeRun(change, now).go()


class _ChangeRun:
    """One worker's part of a change."""

    def __init__(self, change: CustomerChange, at: datetime) -> None:
        self._change = change
        self._at = at
        wanted = CustomerFilter.from_json(change.filter)
        self._rows = matching(change.organization, wanted)

    def go(self) -> bool:
        change = self._change
        while True:
            while change.reached < change.until:
                end = min(change.reached + STRETCH, change.until)
                stretch = self._rows.filter(pk__gt=change.reached, pk__lte=end)
                ids = sorted(stretch.values_list("pk", flat=True))
                if not self._apply(ids, end):
                    log.info("change %s was taken over", change.pk)
                    return False
            if not self._goes_on_from_the_start():
                return self._finish()

    def _apply(self, ids: Sequence[int], end: int) -> bool:
        """Change a stretch in blocks; return whether it was still ours."""
        size = row_storage.block_rows(scattered=True)
        for at in range(0, len(ids), size):
            block = ids[at : at + size]
            is_last = at + size >= len(ids)
            if not self._apply_block(block, end if is_last else block[-1]):
                return False
            row_storage.pause()
        return bool(ids) or self._apply_block((), end)

    @transaction.atomic
    def _apply_block(self, ids: Sequence[int], reached: int) -> bool:
        change, now = self._change, shared_time.now()
        own = CustomerChange.objects.filter(pk=change.pk, heartbeat_at=self._at)
        if not own.update(heartbeat_at=now, reached=reached, looked_at=F("looked_at") + len(ids)):
            return False
        self._at, change.reached = now, reached
        if ids and (changed := apply(change, ids)):
            own = CustomerChange.objects.filter(pk=change.pk)
            own.update(changed=F("changed") + changed)
        return True

    @transaction.atomic
    def _goes_on_from_the_start(self) -> bool:
        """Begin again if customers came into the group that goes while others left it."""
        change = self._change
        if not change.drops_source or change.source is None:
            return False
        newest = self._rows.aggregate(newest=Max("pk"))["newest"]
        own = CustomerChange.objects.filter(pk=change.pk, heartbeat_at=self._at)
        if newest is None or not own.update(reached=0, until=newest):
            return False
        change.reached, change.until = 0, newest
        return True

    @transaction.atomic
    def _finish(self) -> bool:
        change = self._change
        own = CustomerChange.objects.filter(pk=change.pk, heartbeat_at=self._at)
        done = {"state": ChangeState.FINISHED.value, "filter": {}, "finished_at": shared_time.now()}
        if not own.update(heartbeat_at=None, **done):
            return False
        change.refresh_from_db(fields=["changed"])
        if change.drops_source and change.source:
            change.source.delete()
        record(change, change.changed)
        return True


def record(change: CustomerChange, count: int) -> None:
    """Write into the audit trail what was done to how many; the last step of a transaction."""
    groups = {"source": change.source, "target": change.target}
    AuditEntry.record(
        action=f"customers.{change.kind.lower()}",
        subject="",
        organization=change.organization,
        actor=change.started_by,
        customers=count,
        **{name: group.name for name, group in groups.items() if group},
    )


def apply(change: CustomerChange, ids: Sequence[int]) -> int:
    """Do it to these customers of the organization; return how many were changed.

    At most a few thousand, in the caller's transaction.
    """
    own = Customer.objects.for_organization(change.organization).filter(pk__among=ids)
    match change.kind:
        case ChangeKind.ADD:
            return _join(change.target, own)
        case ChangeKind.MOVE:
            _join(change.target, own)
            return _leave(change.source, ids)
        case ChangeKind.REMOVE:
            return _leave(change.source, ids)
        case ChangeKind.DELETE:
            return _delete(own)
        case ChangeKind.SUPPRESS:
            return _suppress(change, own)
        case _:
            return _forget(own, change.field)


def _join(group: CustomerGroup | None, customers: QuerySet[Customer]) -> int:
    if group is None:
        return 0
    joined = GroupMembership.objects.add(group.pk, customers)
    CustomerGroup.objects.filter(pk=group.pk).update(size=F("size") + joined)
    return joined


def _leave(group: CustomerGroup | None, ids: Sequence[int]) -> int:
    if group is None:
        return 0
    members = GroupMembership.objects.filter(group=group, customer__pk__among=ids)
    left, _by_model = members.delete()
    CustomerGroup.objects.filter(pk=group.pk).update(size=F("size") - left)
    return left


def _delete(own: QuerySet[Customer]) -> int:
    # Nobody comes into a group, uncounted, while its members are counted.
    list(own.select_for_update().order_by("pk").values_list("pk", flat=True))
    members = GroupMembership.objects.filter(customer_id__in=own.values("pk"))
    for group_id, count in list(members.values_list("group_id").annotate(Count("pk"))):
        CustomerGroup.objects.filter(pk=group_id).update(size=F("size") - count)
    members.delete()
    deleted, _by_model = own.delete()
    return deleted


def _suppress(change: CustomerChange, own: QuerySet[Customer]) -> int:
    now, owner = shared_time.now(), change.organization_id
    numbers = own.values_list("msisdn", flat=True)
    known = Suppression.objects.suppressed(owner, list(numbers))
    rows = ((owner, number, "", now) for number in numbers if number not in known)
    columns = ("organization_id", "msisdn", "reason", "since")
    return insert_rows(Suppression, columns, rows, ignore_conflicts=True)


def _forget(own: QuerySet[Customer], key: str) -> int:
    """Take a column away; the keys are our own."""
    holding = own.filter(**{f"fields__{key}__isnull": False})
    ids = list(holding.values_list("pk", flat=True))
    removed: dict[str, tuple[str, Any]] = {
        "postgresql": ("fields - %s", key),
        "sqlite": ("json_remove(fields, %s)", f'$."{key}"'),
    }
    sql, parameter = removed[connection.vendor]
    table = Customer._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET fields = {sql} WHERE id = %s",  # noqa: S608 - our own names.
            [(parameter, pk) for pk in ids],
        )
    return len(ids)
