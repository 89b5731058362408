"""Files made to hurt, checked by the product's own `check` worker; prints one JSON line.

Each is put in as a task, together with an honest file of somebody else; in the end the slowest of
them twice, for both processes. The environment names database and folder, see
`_database.empty_console`.
"""

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import _sending
from benchmarks._programs import StartedProgram, command

if TYPE_CHECKING:
    from accounts.models import Member
    from sending.models import SendTask
    from templates_app.models import TextTemplate

FOLDER = Path(os.environ.get("VAR_DIR", "var"))
LIMIT_SECONDS = 120.0
HONEST_ROWS = 1_000
HONEST = b"mobile\n" + b"".join(b"85261%06d\n" % n for n in range(HONEST_ROWS))
BODY = "We close at 16:00 today."


def main() -> dict[str, Any]:
    """Check every file; return what each ended with, and what became of the others."""
    _sending.set_up()
    from sending.tests import factories
    from sending.tests.spreadsheets import hostile

    people = [_sender() for _number in range(2)]
    factories.make_gateway()
    factories.make_prices()
    work = StartedProgram("check", command("check", FOLDER), os.environ, FOLDER)
    try:
        (first,) = _checked(work, [_task(*people[1], HONEST)])
        workers = _children(work.pid)
        found = {}
        for make in hostile.ENDS:
            path = make(FOLDER / "hostile")
            content = path.read_bytes()
            path.unlink()
            hurt, honest = _checked(work, [_task(*people[0], content), _task(*people[1], HONEST)])
            found[make.__name__] = {**hurt, "bytes": len(content), "honest": honest}
        slowest = max(hostile.ENDS, key=lambda make: found[make.__name__]["seconds"])
        stalled = _beside_two(work, slowest(FOLDER / "hostile").read_bytes(), people)
        survived = workers == _children(work.pid)
    finally:
        work.stop()
    return {
        "first": first,
        "files": found,
        "stalling": slowest.__name__,
        "stalled": stalled,
        "same_workers": survived,
    }


def _beside_two(
    work: StartedProgram, content: bytes, people: "list[tuple[Member, TextTemplate]]"
) -> dict[str, Any]:
    """Check an honest file while an organization has two running that stall."""
    from sending.models import SendTask

    stalling = [_task(*people[0], content) for _number in range(2)]
    begun = SendTask.objects.filter(pk__in=[task.pk for task in stalling], state="CHECKING")
    _sending.wait_until(
        lambda: begun.exclude(check_beat_at=None).exists(), LIMIT_SECONDS, every=0.02
    )
    (honest,) = _checked(work, [_task(*people[1], HONEST)])
    honest["while_stalling"] = begun.count()
    _sending.wait_until(lambda: not begun.exists(), LIMIT_SECONDS, every=0.1)
    return honest


def _sender() -> "tuple[Member, TextTemplate]":
    from sending.tests import factories
    from templates_app.tests.factories import approved_template

    member = factories.make_sender()
    return member, approved_template(member.organization, BODY, "NOTIFICATION")


def _task(member: "Member", template: "TextTemplate", content: bytes) -> "SendTask":
    """Put a file in as the page does, from where its form has taken it."""
    from django.core.files.base import ContentFile

    from sending.models import RecipientSource, Upload
    from sending.send_tasks.actions import compose_task

    organization, user = member.organization, member.user
    file = ContentFile(content, "recipients.xlsx")
    return compose_task(
        organization=organization,
        user=user,
        name="Recipients",
        text_template=template,
        signature=None,
        source=RecipientSource.UPLOAD,
        upload=Upload.keep(organization=organization, user=user, file=file),
    )


def _checked(work: StartedProgram, tasks: "list[SendTask]") -> list[dict[str, Any]]:
    """Wait until all were checked; return how each ended, after how long."""
    from sending.intake.sentences import file_sentence
    from sending.models import SendTask

    began, seconds = time.monotonic(), dict[int, float]()
    memory = _Memory(work.pid)

    def over() -> bool:
        memory.look()
        ids = [task.pk for task in tasks]
        for pk in SendTask.objects.filter(pk__in=ids).exclude(state="CHECKING").values_list("pk"):
            seconds.setdefault(pk[0], time.monotonic() - began)
        return len(seconds) == len(tasks)

    _sending.wait_until(over, LIMIT_SECONDS, every=0.02)
    ends = []
    for task in tasks:
        task.refresh_from_db()
        said = file_sentence(task.failure_code, task.failure_params) if task.failure_code else None
        ends.append(
            {
                "state": task.state,
                "code": task.failure_code,
                "says": f"{said.what} {said.to_do}" if said else "",
                "accepted": task.accepted,
                "seconds": round(seconds.get(task.pk, LIMIT_SECONDS), 2),
                "child_mb": memory.peak_kib // 1024,
            }
        )
    return ends


class _Memory:
    """The most memory that a confined child had, by looks at what runs below the worker."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.peak_kib = 0

    def look(self) -> None:
        for worker in _children(self._pid):
            for child in _children(worker):
                self.peak_kib = max(self.peak_kib, _peak_kib(child))


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak_kib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    # A process that is ending has no memory any more.
    return int((status.partition("VmHWM:")[2].split() or ["0"])[0])


if __name__ == "__main__":
    print(json.dumps(main()))
