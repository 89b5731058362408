"""Whether the console does its work: what /readyz answers, and what makes a gateway overdue."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, Max, Min, OuterRef

from accounts import shared_time
from accounts.models import Standing
from sending.intake.lease import busy_organizations
from sending.lifecycle import Lane, TaskState
from sending.models import Batch, BindSlot, Gateway, LiveWorker, SendTask, WorkerKind
from sending.models.disk_room import MEGABYTE
from sending.operations.queries.hosts import HostView, hosts
from sending.operations.queries.traffic import submits_since
from sending.partitions import making

# Work workers show themselves with each sweep, every five seconds; the others as often.
SILENT = timedelta(seconds=60)
# They are made for two months; when they reach less far, whoever makes them has failed for weeks.
PARTITIONS_AHEAD = timedelta(days=14)
# What waits in these is not to be sent, and leaves the queue or is released automatically.
_HELD = (TaskState.PAUSED.value, TaskState.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so; `detail` names no customer and no secret."""

    name: str
    ok: bool
    detail: str = ""


def checks(now: datetime | None = None) -> list[Check]:
    """Ask everything that /readyz answers for; the database first, since the rest lies in it."""
    try:
        now = now or shared_time.now()
        return [Check("database", ok=True), *_in_database(now)]
    except (DatabaseError, InterfaceError) as error:
        return [Check("database", ok=False, detail=type(error).__name__)]


def _in_database(now: datetime) -> Iterator[Check]:
    missing = unapplied_migrations()
    yield Check("migrations", ok=not missing, detail=f"{missing} not applied" if missing else "")
    if missing:
        return
    standing = Standing.current()
    yield Check("held", ok=not standing.is_held, detail=standing.held_because)
    seen_at = LiveWorker.objects.last_seen()
    yield _heartbeat("work_worker", seen_at.get(WorkerKind.WORK), now)
    # While it reads a file, that has the sign of life.
    at_work = now if busy_organizations() else None
    yield _heartbeat("check_worker", at_work or seen_at.get(WorkerKind.CHECK), now)
    if Gateway.objects.exclude(mode=Gateway.Mode.STOPPED).exists():
        slots = BindSlot.objects.exclude(gateway__mode=Gateway.Mode.STOPPED)
        yield _heartbeat("send_worker", slots.aggregate(at=Max("heartbeat_at"))["at"], now)
    overdue = overdue_gateways(now)
    detail = f"{len(overdue)} gateways overdue" if overdue else ""
    yield Check("oldest_batch", ok=not overdue, detail=detail)
    if reach := making.reach():
        detail = f"messages from {reach:%Y-%m-%d} on have no table of their month"
        ok = reach - now >= PARTITIONS_AHEAD
        yield Check("partitions", ok=ok, detail="" if ok else detail)
    seen = hosts(now)
    yield _clocks(seen)
    yield _disks(seen)


def unapplied_migrations() -> int:
    """Return how many migrations of this code the database does not have."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _heartbeat(name: str, at: datetime | None, now: datetime) -> Check:
    if at is None:
        return Check(name, ok=False, detail="never seen")
    age = max(0, int((now - at).total_seconds()))
    return Check(name, ok=now - at <= SILENT, detail=f"last seen {age} s ago")


def _clocks(seen: Iterable[HostView]) -> Check:
    """Strangers may ask, so no host is named; the operations page does."""
    wrong = [host.clock_offset for host in seen if host.clock_is_wrong]
    detail = f"a clock is {max(wrong, key=abs):+,.0f} s off the database's" if wrong else ""
    return Check("clocks", ok=not wrong, detail=detail)


def _disks(seen: Iterable[HostView]) -> Check:
    low = [room for host in seen for room in host.rooms if room.is_low]
    left = min(low, key=lambda room: room.free, default=None)
    detail = f"{left.free // MEGABYTE:,} MB left for {left.folder}" if left else ""
    return Check("disk_room", ok=not low, detail=detail)


def overdue_gateways(now: datetime) -> dict[int, datetime]:
    """Return {gateway: since when its oldest batch is due}, of those that do not keep up.

    A large task makes all its batches due at once, so a bulk batch is late only when its gateway
    moved nothing for as long: no claim that is open, no submission. OTP and API wait for nobody.
    Index batch_due; batches of stopped gateways wait by decision.
    """
    limit = now - timedelta(seconds=settings.READY_BATCH_SECONDS)
    held = SendTask.objects.filter(pk=OuterRef("task_id"), state__in=_HELD)
    late = (
        Batch.objects.filter(~Exists(held), owner="", due_at__lt=limit)
        .exclude(gateway__mode=Gateway.Mode.STOPPED)
        .values_list("gateway_id", "lane")
        .annotate(oldest=Min("due_at"))
        .order_by("gateway_id")
    )
    overdue: dict[int, datetime] = {}
    for gateway_id, lane, oldest in late:
        if lane != Lane.BULK.value or not _moves(gateway_id, limit):
            overdue[gateway_id] = min(oldest, overdue.get(gateway_id, oldest))
    return overdue


def _moves(gateway_id: int, since: datetime) -> bool:
    claimed = Batch.objects.exclude(owner="").filter(gateway_id=gateway_id, claimed_at__gte=since)
    return claimed.exists() or submits_since(gateway_id, since)
