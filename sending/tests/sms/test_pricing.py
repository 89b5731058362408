"""Prices in micro-units, and how much of them people read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.pricing import amount_of, micro_of, money_decimals, price_decimals


@given(st.integers(0, 10**15))
def test_an_amount_is_shown_in_full_so_that_rows_add_up(micro):
    places = money_decimals(micro)
    assert 2 <= places <= 6
    assert micro_of(round(amount_of(micro), places)) == micro


@given(st.integers(0, 10**15))
def test_amounts_are_read_back_exactly(micro):
    assert micro_of(amount_of(micro)) == micro


@pytest.mark.parametrize(
    ("micro", "decimals"), [(48_000, 4), (8_300, 4), (8_350, 5), (8_351, 6), (0, 4), (2_000_000, 4)]
)
def test_a_price_is_shown_with_all_it_has(micro, decimals):
    assert price_decimals(micro) == decimals
    assert round(amount_of(micro), decimals) == Decimal(micro) / 1_000_000
