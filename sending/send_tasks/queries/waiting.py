"""Why messages of a task wait, and until when: what its page says while it is not finished."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _

from accounts import shared_time
from sending.lifecycle import TaskState
from sending.models import Batch, BindSlot, Circuit, Gateway, SendTask

# So long a gateway may take to connect.
_MOMENT_SECONDS = 30
_WAITING_STATES = frozenset({TaskState.SENDING, TaskState.PAUSED})


@dataclass(frozen=True, slots=True)
class HeldUp:
    """Why messages wait, sentence by sentence, until when, and whether that is all that is left.

    `too_slow` says that the last slot of a pace comes when the validity is over.
    """

    reasons: list[str]
    until: datetime | None
    next_at: datetime | None
    last_at: datetime | None
    too_slow: bool


def waiting(task: SendTask, queued: int) -> HeldUp | None:
    """Return why queued messages of a task wait; None if none does, or nothing unusual is known."""
    if task.state not in _WAITING_STATES or not queued:
        return None
    now = shared_time.now()
    rows = Batch.objects.for_organization(task.organization).filter(task_id=task.pk, owner="")
    later = rows.filter(due_at__gt=now).aggregate(first=Min("due_at"), last=Max("due_at"))
    due = rows.filter(due_at__lte=now).values("gateway_id")
    stuck = due.annotate(batches=Count("pk"), since=Min("due_at"))
    reasons = [
        reason
        for row in stuck.order_by("gateway_id")
        if (reason := _reason_of(row["gateway_id"], row["since"], now))
    ]
    if later["first"]:
        reasons.append(_later(task))
    too_slow = bool(later["last"] and task.valid_until and later["last"] >= task.valid_until)
    if not reasons:
        return None
    return HeldUp(reasons, task.valid_until, later["first"], later["last"], too_slow)


def _later(task: SendTask) -> str:
    if task.pace:
        return _("They go out in portions, at the pace that was chosen.")
    return _("A gateway refused them temporarily. They are tried again automatically.")


def _reason_of(gateway_id: int, since: datetime, now: datetime) -> str:
    """Return why what is due at a gateway is not taken."""
    gateway = Gateway.objects.select_related("circuit").get(pk=gateway_id)
    name = {"name": gateway.name}
    if gateway.mode == Gateway.Mode.STOPPED:
        return _("The gateway “%(name)s” is stopped, and no other gateway takes them.") % name
    circuit = getattr(gateway, "circuit", None)
    if circuit is not None and circuit.state != Circuit.State.CLOSED:
        return _(
            "The gateway “%(name)s” does not work at the moment, and no other gateway takes them. "
            "It is tried again every few seconds or minutes."
        ) % name  # fmt: skip
    connected = BindSlot.objects.filter(
        gateway=gateway, lease_until__gte=now, bound_at__isnull=False
    )
    if (now - since).total_seconds() > _MOMENT_SECONDS and not connected.exists():
        return _("The gateway “%(name)s” is not connected. We keep trying to connect.") % name
    return ""
