"""Senders are woken for many requests at once, and never too late."""

import threading

import pytest

from sending import tasks
from sending.api import waking
from sending.api.waking import WakeUps
from sending.tests.waiting import wait_until


@pytest.fixture
def at(monkeypatch, settings):
    """Moments that are moved by hand."""
    settings.API_WAKE_UP_SECONDS = 10.0
    now = [1000.0]
    monkeypatch.setattr(waking, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def timers(monkeypatch):
    started: list[tuple[float, object]] = []

    class Timer:
        def __init__(self, seconds, act):
            self.started = (seconds, act)

        def start(self):
            started.append(self.started)

    monkeypatch.setattr(waking.threading, "Timer", Timer)
    return started


@pytest.fixture
def woken(monkeypatch):
    calls: list[int] = []
    monkeypatch.setattr(tasks.submit, "delay", lambda: calls.append(1))
    return calls


def test_the_first_wakes_at_once_and_those_after_it_together_a_moment_later(at, timers, woken):
    wake_ups = WakeUps()
    wake_ups.ask()
    assert (len(woken), timers) == (1, [])
    at[0] += 4
    for _ in range(3):
        wake_ups.ask()
    ((seconds, act),) = timers
    assert (len(woken), seconds) == (1, 6.0)
    at[0] += 6
    act()
    assert len(woken) == 2
    # Who commits after that needs one more.
    wake_ups.ask()
    assert [seconds for seconds, _act in timers] == [6.0, 10.0]


def test_after_a_quiet_moment_nobody_waits(at, timers, woken):
    wake_ups = WakeUps()
    wake_ups.ask()
    at[0] += 10
    wake_ups.ask()
    assert (len(woken), timers) == (2, [])


def test_a_broker_that_fails_keeps_nobody_from_waking_later(at, timers, woken, monkeypatch, caplog):
    def fail():
        raise OSError("no broker")

    wake_ups = WakeUps()
    wake_ups.ask()
    wake_ups.ask()
    monkeypatch.setattr(tasks.submit, "delay", fail)
    timers[0][1]()
    assert "a wake-up is lost" in caplog.text
    monkeypatch.setattr(tasks.submit, "delay", lambda: woken.append(1))
    at[0] += 10
    wake_ups.ask()
    assert len(woken) == 2


def test_a_broker_that_hangs_holds_one_thread_and_what_came_meanwhile_follows(
    monkeypatch, settings
):
    settings.API_WAKE_UP_SECONDS = 0.01
    wake_ups, hangs, began = WakeUps(), threading.Event(), []

    def hang():
        began.append(1)
        assert hangs.wait(120)

    monkeypatch.setattr(tasks.submit, "delay", hang)
    first = threading.Thread(target=wake_ups.ask)
    first.start()
    wait_until(lambda: began)
    for _ in range(20):
        wake_ups.ask()
    assert len(began) == 1
    hangs.set()
    first.join()
    wait_until(lambda: len(began) == 2)
