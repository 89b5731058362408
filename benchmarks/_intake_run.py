"""One measured check of one file through the product's own engine; prints one JSON line.

Run in a process of its own with VAR_DIR, and DATABASE_URL for PostgreSQL. The clock runs from the
stored upload to committed messages of a task that is READY.
"""

import json
import os
import resource
import sys
import threading
import time
from pathlib import Path
from typing import Any

import django

BODY = (
    "Dear {1}, your order total is {2}. Please collect it at our shop within 7 days."
    " Reply STOP to opt out."
)
SPARE_STARTS_SECONDS = 1.0


def main(path: Path, *, other_writer: bool) -> dict[str, Any]:
    """Check the file and return figures; the counts are read from the database afterwards."""
    from django.core.management import call_command
    from django.db import connection

    from sending.intake.child.row_reader import peak_rss_kb
    from sending.intake.child_process import spare
    from sending.intake.task_check import check_task
    from sending.models import Batch, Message, Problem

    call_command("migrate", verbosity=0)
    task = _task(path)
    # As a worker does when it starts.
    spare.keep()
    time.sleep(SPARE_STARTS_SECONDS)
    writer = _OtherWriter() if other_writer else None
    # Laying out the database took more memory than a worker ever has; 5 forgets that peak.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    rss_before = peak_rss_kb()
    started, cpu = time.perf_counter(), _cpu()
    if writer:
        writer.start()
    done = check_task(task.pk)
    seconds = time.perf_counter() - started
    delays = writer.stop() if writer else []
    used, rss = _cpu() - cpu, peak_rss_kb()
    task.refresh_from_db()
    facts = task.facts
    return {
        "database": connection.vendor,
        "done": done,
        "state": task.state,
        "failure": task.failure_code,
        "rows": task.rows_read,
        "messages": Message.objects.filter(task_id=task.pk).count(),
        "batched": sum(len(batch.ids) for batch in Batch.objects.filter(task_id=task.pk)),
        "problems": Problem.objects.filter(task=task).count(),
        "seconds": round(seconds, 3),
        "rows_per_second": round(task.rows_read / seconds),
        "cpu_seconds": round(used, 2),
        "child_cpu_seconds": facts.get("child_cpu_seconds"),
        "parent_rss_before_mb": rss_before // 1024,
        "parent_rss_mb": rss // 1024,
        "child_rss_mb": facts.get("child_rss_kb", 0) // 1024,
        "other_writes": len(delays),
        "other_write_p99_ms": _percentile(delays, 0.99),
        "other_write_max_ms": round(max(delays, default=0.0) * 1000, 1),
    }


def _task(path: Path) -> Any:
    from django.core.files import File

    from sending.lifecycle import TaskState
    from sending.models import RecipientSource, Upload
    from sending.tests import factories
    from templates_app.tests.factories import approved_template

    member = factories.make_sender()
    factories.make_gateway()
    upload = Upload(
        organization=member.organization,
        name=path.name,
        size=path.stat().st_size,
        uploaded_by=member.user,
    )
    with path.open("rb") as file:
        upload.file.save(path.name, File(file), save=True)
    version = approved_template(member.organization, BODY, "MARKETING").approved
    return factories.make_task(
        member,
        TaskState.CHECKING,
        source=RecipientSource.UPLOAD.value,
        upload=upload,
        template_version=version,
    )


def _cpu() -> float:
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[int(len(ordered) * share)] * 1000, 1) if ordered else 0.0


class _OtherWriter(threading.Thread):
    """Another user of the database, who writes one small row twenty times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._stop_now = threading.Event()
        self._delays: list[float] = []

    def run(self) -> None:
        from django.db import connection

        from accounts.models import AuditEntry

        while not self._stop_now.wait(0.05):
            began = time.perf_counter()
            AuditEntry.record(action="bench.wrote", subject="x", organization=None)
            self._delays.append(time.perf_counter() - began)
        connection.close()

    def stop(self) -> list[float]:
        """Return how long each write took, in seconds."""
        self._stop_now.set()
        self.join()
        return self._delays


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "smsconsole.settings"
    django.setup()
    print(json.dumps(main(Path(sys.argv[1]), other_writer="--other-writer" in sys.argv)))
