"""Tasks made by rows, sent through the product's own actions, and what became of them."""

import os
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from accounts.models import Member
    from sending.models import Gateway, SendTask

FINAL = ("DELIVERED", "UNDELIVERABLE", "EXPIRED", "REJECTED", "CANCELLED", "BLOCKED")
_pause = threading.Event()


def set_up() -> None:
    """Make Django ready in this process, and the database up to date."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "smsconsole.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def make_gateway(port: int, **fields: Any) -> "Gateway":
    """Return a gateway to the peer on that port, with a route for every number."""
    from sending.tests import factories

    given = {"window": 100, "rate": 100_000, "receipts_per_segment": False}
    return factories.make_gateway(port=port, **given | fields)


def make_member() -> "Member":
    """Return somebody who may send as much as they like."""
    from sending.tests import factories

    return factories.make_sender(daily_segment_limit=50_000_000)


def number(index: int) -> str:
    """Return an E.164 number; each index its own."""
    return f"+{447_400_000_000 + index}"


def make_task(
    member: "Member", gateway: "Gateway", first: int, count: int, **fields: Any
) -> "SendTask":
    """Return a checked task of `count` numbers, from that index on."""
    from django.db import transaction

    from sending.lifecycle import TaskState
    from sending.tests import factories

    numbers = [number(index) for index in range(first, first + count)]
    # Workers that saw the task in between would check it themselves.
    with transaction.atomic():
        return factories.make_task(
            member, TaskState.READY, numbers=numbers, gateway=gateway, **fields
        )


def send(task: "SendTask") -> None:
    """Press Send."""
    from sending.send_tasks.actions import send_task

    sent = send_task(task=task, user=task.created_by, messages=task.accepted)
    assert sent, "the task was sent by somebody else"


def states(task: "SendTask") -> dict[str, int]:
    """Return {state: messages} of a task by its counters."""
    from django.db.models import Sum

    from sending.models import Counter

    rows = Counter.objects.for_organization(task.organization).filter(task_id=task.pk)
    return dict(rows.order_by().values_list("state").annotate(n=Sum("messages")).filter(n__gt=0))


def recount(tasks: Sequence["SendTask"]) -> dict[str, int]:
    """Return {state: messages} of tasks by the messages themselves."""
    from sending.models import Message

    found = Message.objects.filter(task_id__in=[task.pk for task in tasks])
    return dict(Tally(found.values_list("state", flat=True)))


def is_over(tasks: Sequence["SendTask"]) -> bool:
    """Tell whether every message is final and the inbox is empty."""
    from sending.models import Batch, ReceiptInbox

    if Batch.objects.exists() or ReceiptInbox.objects.exists():
        return False
    return all(states(task).keys() <= set(FINAL) for task in tasks)


def wait_until(
    done: Callable[[], object],
    seconds: float,
    *,
    every: float = 0.5,
    look: Callable[[], None] = lambda: None,
) -> bool:
    """Ask again and again until it is so; False when time was over first."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        look()
        _pause.wait(every)
    look()
    return True


def rest(seconds: float) -> None:
    """Do nothing for so long."""
    if seconds > 0:
        _pause.wait(seconds)


def is_bound(gateway: "Gateway") -> bool:
    """Tell whether a sender holds a connection to the gateway."""
    return gateway.slots.exclude(bound_at=None).exists()


def backends() -> list[int]:
    """Return the process ids of PostgreSQL that serve this database; none on SQLite."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [pid for (pid,) in cursor.fetchall()]
