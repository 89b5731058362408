"""Pacing, by a clock of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.delivery.sender.rate_limiter import Pace


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def sent_within(pace, clock, seconds):
    """How many moments come within these seconds for somebody who always waits for the next."""
    end, count = clock.now + seconds, 0
    while True:
        clock.now += pace.reserve()
        if clock.now > end:
            return count
        count += 1


@pytest.mark.parametrize("rate", [0.5, 1, 7, 200, 4000])
def test_it_keeps_the_rate(rate):
    clock = Clock()
    pace = Pace(rate, clock)
    assert sent_within(pace, clock, 20) == pytest.approx(rate * 20, abs=max(1, rate * 0.05))


def test_a_pause_is_not_caught_up_with():
    clock = Clock()
    pace = Pace(100, clock)
    clock.now += 3600
    assert sent_within(pace, clock, 1) <= 104


@given(st.lists(st.floats(0, 0.5), max_size=40))
def test_no_pattern_of_arrivals_beats_the_rate(pauses):
    clock = Clock()
    pace = Pace(50, clock)
    start, moments = clock.now, []
    for pause in pauses:
        clock.now += pause
        moments.append(clock.now + pace.reserve())
    for count, moment in enumerate(moments):
        assert count <= (moment - start) * 50 + 2


def test_throttling_halves_the_rate_once_a_second_and_it_comes_back():
    clock = Clock()
    pace = Pace(100, clock)
    for _ in range(20):
        pace.slow_down()
    assert pace.rate == pytest.approx(50)
    clock.now += 1
    pace.slow_down()
    assert pace.rate == pytest.approx(30)
    clock.now += 60
    assert pace.rate == 100
    for _ in range(100):
        clock.now += 1
        pace.slow_down()
    assert pace.rate >= 5, "it never stops altogether"
