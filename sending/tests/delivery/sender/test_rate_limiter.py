"""Pacing, by a clock of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.delivery.sender.rate_limiter import RateLimiter


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def sent_within(rate_limiter, clock, seconds):
    """How many moments come within these seconds for somebody who always waits for the next."""
    end, count = clock.now + seconds, 0
    while True:
        clock.now += rate_limiter.reserve()
        if clock.now > end:
            return count
        count += 1


@pytest.mark.parametrize("rate", [0.5, 1, 7, 200, 4000])
def test_it_keeps_the_rate(rate):
    clock = Clock()
    rate_limiter = RateLimiter(rate, clock)
    assert sent_within(rate_limiter, clock, 20) == pytest.approx(rate * 20, abs=max(1, rate * 0.05))


def test_a_pause_is_not_caught_up_with():
    clock = Clock()
    rate_limiter = RateLimiter(100, clock)
    clock.now += 3600
    assert sent_within(rate_limiter, clock, 1) <= 104


@given(st.lists(st.floats(0, 0.5), max_size=40))
def test_no_pattern_of_arrivals_beats_the_rate(pauses):
    clock = Clock()
    rate_limiter = RateLimiter(50, clock)
    start, moments = clock.now, []
    for pause in pauses:
        clock.now += pause
        moments.append(clock.now + rate_limiter.reserve())
    for count, moment in enumerate(moments):
        assert count <= (moment - start) * 50 + 2


def test_throttling_halves_the_rate_once_a_second_and_it_comes_back():
    clock = Clock()
    rate_limiter = RateLimiter(100, clock)
    for _ in range(20):
        rate_limiter.slow_down()
    assert rate_limiter.rate == pytest.approx(50)
    clock.now += 1
    rate_limiter.slow_down()
    assert rate_limiter.rate == pytest.approx(30)
    clock.now += 60
    assert rate_limiter.rate == 100
    for _ in range(100):
        clock.now += 1
        rate_limiter.slow_down()
    assert rate_limiter.rate >= 5, "it never stops altogether"
