"""The child: confined, told everything, and never alive without its parent."""

import os
import resource
import select
import signal
import subprocess
import sys

import pytest

from sending.intake import child_process
from sending.intake.child.frames import (
    BrokenFrame,
    FrameKind,
    FrameReader,
    write_json,
    write_marshalled,
)
from sending.intake.child.job import Confines, Form, Job
from sending.intake.child_process import ChildDied, ChildProcess, run_job
from sending.spreadsheets.problems import FileRefused

PRICES = {"prices": {"": 1}, "routes": [("", "", 1)], "currency": "USD"}


@pytest.fixture
def job(tmp_path):
    """Make a job of a file of numbers."""

    def make(rows=5_000, **options):
        path = tmp_path / "numbers.csv"
        lines = (f"85261{number:06}\n" for number in range(rows))
        path.write_text("mobile\n" + "".join(lines))
        return Job(path=str(path), parent=os.getpid(), body="Hello.", **PRICES, **options)

    return make


def collect(job, **options):
    """Run a job; return its END frame and all rows."""
    rows, starts = [], iter(range(0, 10**9, 10_000))
    given = {"tick": lambda: None, "restart": rows.clear, **options}

    def store(kind, content):
        if kind is FrameKind.ROWS:
            rows.extend(content[2])

    end = run_job(job, reserve=lambda: next(starts), store=store, **given)
    return end, rows


def test_rows_come_with_the_ids_that_were_reserved(job):
    end, rows = collect(job(rows=2_500, block=1_000))
    assert end["accepted"] == len(rows) == 2_500
    ids = [row[0] for row in rows]
    assert ids == [*range(1_000), *range(10_000, 11_000), *range(20_000, 20_500)]
    assert rows[0][1:] == (2, "+85261000000", "HK", 1, "[]", 0, 1, 1)


def test_refused_rows_are_told_of_while_they_are_read(job, tmp_path):
    made = job(rows=0, block=100)
    (tmp_path / "numbers.csv").write_text("mobile\n" + "85261000001\n" + "no number\n" * 450)
    seen = []

    def store(kind, content):
        if kind is FrameKind.ROWS:
            seen.append((content[0], content[1]))

    run_job(made, reserve=lambda: 0, tick=lambda: None, store=store, restart=seen.clear)
    assert seen == [(1, 101), (0, 201), (0, 301), (0, 401), (0, 451)]


def test_the_copy_form_holds_the_same_rows(job):
    _end, tuples = collect(job(rows=300))
    pieces = []
    run_job(
        job(rows=300, form=Form.COPY, tail="\tx\n"),
        reserve=lambda: 0,
        tick=lambda: None,
        store=lambda kind, content: pieces.append(content[2]) if kind is FrameKind.ROWS else None,
        restart=pieces.clear,
    )
    lines = b"".join(pieces).decode().splitlines()
    assert lines == ["\t".join(map(str, [*row, "x"])) for row in tuples]


def test_a_killed_child_is_started_once_more(job, monkeypatch):
    children = []
    enter = ChildProcess.__enter__

    def remembered(self):
        children.append(self)
        return enter(self)

    monkeypatch.setattr(ChildProcess, "__enter__", remembered)

    rows, restarted = [], []

    def store(kind, content):
        if kind is FrameKind.HEAD and len(children) == 1:
            os.kill(children[0].pid, signal.SIGKILL)
        if kind is FrameKind.ROWS:
            rows.extend(content[2])

    def restart():
        rows.clear()
        restarted.append(True)

    end = run_job(
        job(rows=50_000), reserve=lambda: 0, tick=lambda: None, store=store, restart=restart
    )
    assert (len(children), restarted) == (2, [True])
    assert end["accepted"] == len(rows) == 50_000


def test_a_child_that_is_killed_again_and_again_refuses_the_file(job, monkeypatch):
    def die(self, tick):
        raise ChildDied(-signal.SIGKILL)

    monkeypatch.setattr(ChildProcess, "frames", die)
    with pytest.raises(FileRefused) as caught:
        collect(job())
    assert caught.value.code == "CHECK_FAILED"


@pytest.mark.parametrize(
    "confines",
    [
        # Less than the interpreter has when it begins to read.
        Confines(memory_bytes=20 << 20),
        Confines(cpu_seconds=1, open_cpu_seconds=1),
    ],
    ids=["memory", "time"],
)
def test_a_child_without_memory_or_time_refuses_the_file_at_once(job, confines):
    restarted = []
    with pytest.raises(FileRefused) as caught:
        collect(
            job(rows=900_000, confines=confines),
            restart=lambda: restarted.append(True),
        )
    assert (caught.value.code, restarted) == ("FILE_TOO_COMPLEX", [])


def test_the_limit_of_time_is_one_that_the_parent_sees(job):
    with ChildProcess(job(rows=300_000), lambda: 0) as child:
        next(child.frames(lambda: None))
        soft, hard = resource.prlimit(child.pid, resource.RLIMIT_CPU)
    assert soft == Confines().cpu_seconds < hard


def test_an_exception_while_storing_ends_the_child(job):
    class Stopped(Exception):
        pass

    pids = []

    def work():
        with ChildProcess(job(), lambda: 0) as child:
            pids.append(child.pid)
            for _frame in child.frames(lambda: None):
                raise Stopped

    with pytest.raises(Stopped):
        work()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


PARENT = """
import os, sys
from sending.intake.child.job import Job
from sending.intake.child_process import ChildProcess
job = Job(path=sys.argv[1], parent=os.getpid(), body="Hello.", prices={"": 1}, routes=[("", "", 1)])
with ChildProcess(job, lambda: 0) as child:
    print(child.pid, flush=True)
    sys.stdin.read()
"""


KEEPER = """
import sys
from sending.intake.child_process import spare
spare.keep()
print(spare._process.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("code", [PARENT, KEEPER], ids=["at work", "spare"])
def test_the_child_dies_with_its_parent(job, code):
    path = job(rows=300_000).path
    parent = subprocess.Popen(
        [sys.executable, "-c", code, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=child_process._ROOT,
    )
    try:
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        # The descriptor of a process becomes readable when it ends.
        assert select.select([child], [], [], 120)[0] == [child]
        os.close(child)
    finally:
        parent.kill()
        parent.wait()
        parent.stdin.close()
        parent.stdout.close()


def test_the_environment_of_the_parent_stays_with_it(job, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    with ChildProcess(job(rows=300_000), lambda: 0) as child:
        next(child.frames(lambda: None))
        with open(f"/proc/{child.pid}/environ", "rb") as file:  # noqa: PTH123 - no regular file
            assert b"secret" not in file.read()
        limits = resource.prlimit(child.pid, resource.RLIMIT_AS)
        assert limits == (512 << 20, 512 << 20)
        assert resource.prlimit(child.pid, resource.RLIMIT_CORE) == (0, 0)


def test_the_child_imports_no_framework():
    code = "import sys, sending.intake.child.program; print([n for n in sys.modules if n in BAD])"
    code = code.replace("BAD", "{'django', 'celery', 'redis', 'psycopg'}")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=child_process._ROOT, capture_output=True, check=True
    )
    assert done.stdout.strip() == b"[]"


def test_frames_survive_any_cut():
    read, write = os.pipe()
    with os.fdopen(write, "wb", buffering=0) as out, os.fdopen(read, "rb") as source:
        reader = FrameReader(source.fileno())
        write_json(out, FrameKind.HEAD, {"sheet": "a"})
        write_marshalled(out, FrameKind.ROWS, (1, 2, [("x",)], []))
        frames = list(reader.read())
        assert frames == [(FrameKind.HEAD, {"sheet": "a"}), (FrameKind.ROWS, (1, 2, [("x",)], []))]
        out.write(b"\x01\xff")
        assert list(reader.read()) == []
        out.close()
        with pytest.raises(BrokenFrame):
            list(reader.read())
