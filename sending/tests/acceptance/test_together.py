"""Whoever comes while another one acts is acted for together with all others that came."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from sending.acceptance.together import MOST_TOGETHER, Together
from sending.tests.waiting import wait_until


class Line:
    """A line whose first act waits until all others have come."""

    def __init__(self) -> None:
        self.acts: list[list[int]] = []
        self.go_on = threading.Event()
        self.together: Together[int, int] = Together(self._act)

    def _act(self, items):
        self.acts.append(list(items))
        if len(self.acts) == 1:
            assert self.go_on.wait(timeout=60)
        if 13 in items:
            raise ValueError("13")
        return [item * 2 for item in items]

    def all_at_once(self, *items: int) -> list[Future[int]]:
        """Let the first one act until the others wait behind it."""
        with ThreadPoolExecutor(len(items)) as pool:
            asked = [pool.submit(self.together.do, "key", items[0])]
            wait_until(lambda: self.acts)
            for place, item in enumerate(items[1:], start=1):
                asked.append(pool.submit(self.together.do, "key", item))
                wait_until(lambda place=place: len(self.together._lines["key"]) == place)
            self.go_on.set()
        return asked


def test_those_who_wait_are_acted_for_together_and_get_their_own_results():
    line = Line()
    asked = line.all_at_once(1, 2, 3, 4)
    assert [one.result() for one in asked] == [2, 4, 6, 8]
    assert line.acts == [[1], [2, 3, 4]]
    # Nobody is left who would be waited for.
    assert not line.together._lines
    assert line.together.do("key", 5) == 10


def test_a_failure_is_told_to_all_whom_it_meets_and_to_nobody_else():
    line = Line()
    first, *others = line.all_at_once(1, 13, 3)
    assert first.result() == 2
    for one in others:
        with pytest.raises(ValueError, match="13"):
            one.result()
    assert line.together.do("key", 4) == 8


def test_only_so_many_are_acted_for_together():
    line = Line()
    asked = line.all_at_once(*range(20, 20 + MOST_TOGETHER + 3))
    assert [one.result() for one in asked] == [2 * at for at in range(20, 23 + MOST_TOGETHER)]
    assert [len(act) for act in line.acts] == [1, MOST_TOGETHER, 2]


def test_other_keys_do_not_wait():
    line = Line()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(line.together.do, "key", 1)
        wait_until(lambda: line.acts)
        assert line.together.do("another key", 2) == 4
        line.go_on.set()
        assert asked.result() == 2
