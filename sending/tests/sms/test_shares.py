"""Shares add up."""

from hypothesis import given
from hypothesis import strategies as st

from sending.sms.shares import TENTHS, shares_of


@given(st.lists(st.integers(0, 10**9), max_size=12))
def test_shares_add_up_and_none_is_off_by_one(parts):
    shares = shares_of(parts)
    total = sum(parts)
    assert sum(shares) == (TENTHS if total else 0)
    for part, share in zip(parts, shares, strict=True):
        assert not total or abs(share - part * TENTHS / total) < 1
        assert part or not share


def test_three_thirds_are_a_whole():
    assert shares_of([1, 1, 1]) == [334, 333, 333]
