"""Wake-ups: one at a time, and none forgotten."""

import threading

import pytest

from sending import tasks
from sending.api.tencent.waking import WakeUps
from sending.tests.waiting import wait_until


def test_a_broker_that_hangs_holds_one_thread_and_what_came_meanwhile_follows(monkeypatch):
    wake_ups, hangs, began = WakeUps(), threading.Event(), []

    def hang():
        began.append(threading.get_ident())
        assert hangs.wait(120)

    monkeypatch.setattr(tasks.submit, "delay", hang)
    first = threading.Thread(target=wake_ups.send)
    first.start()
    wait_until(lambda: began)
    for _ in range(20):
        wake_ups.send()
    assert len(began) == 1
    hangs.set()
    first.join()
    assert began == [first.ident, first.ident]


def test_after_a_wake_up_that_failed_the_next_one_is_sent(monkeypatch):
    wake_ups, sent = WakeUps(), []

    def fail():
        raise OSError("no broker")

    monkeypatch.setattr(tasks.submit, "delay", fail)
    with pytest.raises(OSError, match="no broker"):
        wake_ups.send()
    monkeypatch.setattr(tasks.submit, "delay", lambda: sent.append(1))
    wake_ups.send()
    wake_ups.send()
    assert len(sent) == 2
