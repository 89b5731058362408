"""One part of `bench scale` in a filled database; prints what it found as a JSON line.

python -m benchmarks._scale_run PART COUNT|FILE
"""

import itertools
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import _sending

LIMIT_SECONDS = 600.0
# Receipts are looked for among these; of messages before, nobody asks any more.
ANSWERED = timedelta(days=60)

_SUBMISSIONS = """
INSERT INTO sending_submission (organization_id, message_id, gateway_id, segment, attempt,
    gateway_message_id, command_status, submitted_at)
SELECT organization_id, id, gateway_id, 1, 1, md5(id::text), 'ESME_ROK', state_at
FROM sending_message WHERE id >= %(first)s AND state NOT IN ('QUEUED', 'REJECTED', 'IN_DOUBT')
"""
_RECEIPTS = """
INSERT INTO sending_deliveryreceipt (organization_id, message_id, gateway_id, segment,
    gateway_message_id, message_state, error, said_by, raw, done_at, received_at)
SELECT organization_id, id, gateway_id, 1, md5(id::text), state, '', 'NETWORK', '',
    state_at, state_at
FROM sending_message WHERE id >= %(first)s AND state IN ('DELIVERED', 'UNDELIVERABLE')
"""


def answers(_rows: str) -> dict[str, Any]:
    """Give the newest messages what gateways and networks said of them."""
    from django.db import connection
    from django.utils import timezone

    from sending.models import Submission
    from sending.models.message import first_id_at

    began = time.monotonic()
    with connection.cursor() as cursor:
        made = 0
        if not Submission.objects.exists():
            cursor.execute("SET synchronous_commit = off")
            first = {"first": first_id_at(timezone.now() - ANSWERED)}
            cursor.execute(_SUBMISSIONS, first)
            made = cursor.rowcount
            cursor.execute(_RECEIPTS, first)
            cursor.execute("VACUUM ANALYZE sending_submission, sending_deliveryreceipt")
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    return {"messages": made, "seconds": time.monotonic() - began, "gb": size / 2**30}


def intake(sheet: str) -> dict[str, Any]:
    """Check a task of a file."""
    from benchmarks import _intake_run

    return _intake_run.main(Path(sheet), other_writer=False)


def delivery(messages: str) -> dict[str, Any]:
    """Send a task through the workers to a peer that sends a receipt for each message."""
    from django.db.models import Max

    from benchmarks._delivery_run import FOLDER, stage
    from benchmarks._programs import command
    from sending.models import Gateway, Message

    # Of the messages that lie there nothing is to be sent.
    Gateway.objects.update(mode=Gateway.Mode.STOPPED)
    workers = {name: command(name, FOLDER) for name in ("send", "work")}
    with stage({"receipts": 1}, {}, workers) as on:
        count = int(messages)
        task = _sending.make_task(_sending.make_member(), on.gateway, 0, count)
        on.look()
        _sending.send(task)

        def over() -> bool:
            return _sending.states(task).keys() <= set(_sending.FINAL)

        whole = _sending.wait_until(over, LIMIT_SECONDS, look=on.look)
        task.refresh_from_db()
        own = Message.objects.filter(task_id=task.pk)
        seconds = (own.aggregate(last=Max("state_at"))["last"] - task.sent_at).total_seconds()
        return {
            "complete": whole,
            "seconds": round(seconds, 2),
            "per_second": round(count / seconds, 1),
            "cpu_seconds": on.meter.seconds(),
            "states": _sending.recount([task]),
        }


def erasing(messages: str) -> dict[str, Any]:
    """Erase numbers and texts of tasks that are over and old, one after the other."""
    from django.utils import timezone

    from sending.models import Message, SendTask
    from sending.retention import messages as retention

    tasks = SendTask.objects.filter(name__startswith="Task ", erased_at=None).order_by("pk")
    readable = Message.objects.exclude(msisdn="")
    due: list[int] = []
    for task in tasks:
        if readable.filter(task_id=task.pk, state="DELIVERED").exists():
            due += [task.pk] * task.accepted
        if len(due) >= int(messages):
            break
    SendTask.objects.filter(pk__in=due).update(sent_at=timezone.now() - timedelta(days=390))
    began = time.perf_counter()
    erased = retention.erase_due(int(messages))
    seconds = time.perf_counter() - began
    return {"erased": erased, "tasks": len(set(due)), "seconds": seconds / erased * int(messages)}


def dropping(_months: str) -> dict[str, Any]:
    """Drop the oldest month."""
    from sending.models import Message
    from sending.partitions import dropping as partitions
    from sending.partitions.tables import MESSAGES
    from sending.retention.message_rows import is_over

    (month, *_later) = MESSAGES.partitions()
    own = Message.objects.filter(pk__lt=month.end)
    rows = own.count()
    # As after their receipts were given up.
    own.filter(state__in=["SUBMITTED", "IN_DOUBT"]).update(state="UNKNOWN")
    looked = time.perf_counter()
    assert is_over(month)
    with _other_reader() as waits:
        began = time.perf_counter()
        assert partitions.drop(month)
        ended = time.perf_counter()
    assert month not in MESSAGES.partitions()
    return {
        "rows": rows,
        "others_ms": round(max(waits) * 1000, 1),
        "look_ms": round((began - looked) * 1000, 1),
        "drop_ms": round((ended - began) * 1000, 1),
    }


@contextmanager
def _other_reader() -> Iterator[list[float]]:
    """Ask for a message again and again beside the block; give how long each took, in seconds."""
    from django.db import connection

    from sending.models import Message

    waits: list[float] = []
    over = threading.Event()

    def read() -> None:
        newest = Message.objects.order_by("-pk").values_list("task_id", flat=True)[0]
        while not over.is_set():
            began = time.perf_counter()
            Message.objects.filter(task_id=newest, row=len(waits)).exists()
            waits.append(time.perf_counter() - began)
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        while not waits:
            _sending.rest(0.1)
        yield waits
    finally:
        over.set()
        reader.join()


PARTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "answers": answers,
    "intake": intake,
    "delivery": delivery,
    "erasing": erasing,
    "dropping": dropping,
}


def main() -> None:
    """Run the part that the command line names."""
    part, given = sys.argv[1:]
    _sending.set_up()
    from accounts.tests import factories as people
    from sending.tests import factories

    # Those who filled the database counted from one.
    people._numbers = factories._numbers = itertools.count(int(time.time()))  # noqa: SLF001
    print(json.dumps(PARTS[part](given)))


if __name__ == "__main__":
    main()
