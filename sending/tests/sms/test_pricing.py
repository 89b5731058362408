"""Prices in micro-units, and how people read them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.pricing import NoPrice, PriceTable, format_micro, format_price, to_micro

PRICES = {"HK": 48_000, "GB": 39_500}


def test_a_message_costs_its_segments():
    table = PriceTable("USD", PRICES, default=100_000)
    assert table.cost("HK", 2) == 96_000
    assert table.cost("FR", 3) == 300_000


def test_a_free_country_is_not_a_country_without_a_price():
    assert PriceTable("USD", {"HK": 0}).cost("HK", 5) == 0
    with pytest.raises(NoPrice) as refused:
        PriceTable("USD", PRICES).cost("FR", 1)
    assert refused.value.country == "FR"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (0, "USD", "USD 0.00"),
        (56_260_000, "USD", "USD 56.26"),
        (1_234_567_890_000, "USD", "USD 1,234,567.89"),
        (5_000, "USD", "USD 0.01"),
        (4_999, "USD", "USD 0.005"),
        (100, "USD", "USD 0.0001"),
        (1, "USD", "USD 0.000001"),
        (-56_265_000, "USD", "USD -56.27"),
        (1_500_000, "JPY", "JPY 2"),
        (300_000, "JPY", "JPY 0.3"),
        (1_234_500, "KWD", "KWD 1.235"),
    ],
)
def test_amounts_for_people(amount, currency, text):
    assert format_micro(amount, currency) == text


@pytest.mark.parametrize(
    ("price", "text"),
    [(48_000, "USD 0.0480"), (8_300, "USD 0.0083"), (8_350, "USD 0.00835"), (0, "USD 0.0000")],
)
def test_prices_show_all_they_have(price, text):
    assert format_price(price, "USD") == text


@given(st.integers(-(10**15), 10**15))
def test_an_amount_that_is_not_nothing_never_shows_as_nothing(amount):
    shown = Decimal(format_micro(amount, "USD").removeprefix("USD ").replace(",", ""))
    assert bool(shown) is bool(amount)
    assert abs(shown * 1_000_000 - amount) <= 5_000


@given(st.integers(-(10**15), 10**15))
def test_amounts_are_read_back_exactly(amount):
    assert to_micro(Decimal(amount) / 1_000_000) == amount


@pytest.mark.parametrize(
    "amount", ["", "five", "0.0000001", "NaN", "Infinity", "1e999999", "1e999999999", "1e12"]
)
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match=r".*"):
        to_micro(amount)
