"""The child that waits for the next file: used once, replaced, and gone with its parent."""

import os
import signal

import pytest

from sending.intake import child_process
from sending.intake.child.frames import FrameKind
from sending.intake.child.job import Job
from sending.intake.child_process import ChildProcess, SpareChild


@pytest.fixture
def spare(monkeypatch):
    """A process that keeps a spare child."""
    kept = SpareChild()
    monkeypatch.setattr(child_process, "spare", kept)
    kept.keep()
    yield kept
    kept.drop()


@pytest.fixture
def job(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("mobile\n85261234567\n")
    prices = {"prices": {"": 1}, "routes": [("", "", 1)]}
    return Job(path=str(path), parent=os.getpid(), body="Hello.", **prices)


def checked_by(job):
    """Run a job; return the process id of its child."""
    with ChildProcess(job, lambda: 0) as child:
        kinds = [kind for kind, _content in child.frames(lambda: None)]
        assert kinds[-1] is FrameKind.END
        return child.pid


def test_each_file_gets_the_child_that_waits_and_the_next_one_waits(spare, job):
    first = spare._process.pid
    assert checked_by(job) == first
    second = spare._process.pid
    assert second != first
    assert checked_by(job) == second


def test_a_spare_child_that_was_killed_is_not_used(spare, job):
    gone = spare._process
    gone.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, gone.pid, os.WEXITED | os.WNOWAIT)
    assert checked_by(job) != gone.pid


def test_nobody_waits_where_none_is_kept(monkeypatch, job):
    monkeypatch.setattr(child_process, "spare", SpareChild())
    checked_by(job)
    assert child_process.spare._process is None
