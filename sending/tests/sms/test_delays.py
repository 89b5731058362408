"""Delays by steps: a percentile is never too short, and a fifth too long at most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.delays import LAST_STEP, end_of, nearest_rank, percentile, step_of


@given(st.lists(st.floats(0.2, 500_000), min_size=1, max_size=60), st.sampled_from([50, 95, 100]))
def test_a_percentile_is_hardly_longer_than_the_delay_itself(delays, percent):
    counts: dict[int, int] = {}
    for delay in delays:
        counts[step_of(delay)] = counts.get(step_of(delay), 0) + 1
    exact = sorted(delays)[-(-len(delays) * percent // 100) - 1]
    found = percentile(counts, percent)
    assert found is not None
    assert exact * 0.999 <= found <= exact * 1.19


@pytest.mark.parametrize("seconds", [-3, 0, 0.1, 10**9])
def test_every_delay_has_a_step(seconds):
    assert 0 <= step_of(seconds) <= LAST_STEP


def test_nothing_has_no_percentile():
    assert percentile({}, 50) is None
    assert end_of(LAST_STEP) > 7 * 86_400 * 0.8


def test_the_nearest_rank_is_a_value_that_was_measured() -> None:
    assert nearest_rank([7], 95) == 7
    assert nearest_rank(range(1, 101), 95) == 95
    assert nearest_rank([1, 2, 3], 50) == 2
