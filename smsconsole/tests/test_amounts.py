"""Costs of one column have as many decimals, and none is rounded."""

from types import SimpleNamespace

import pytest

from smsconsole.templatetags.ui import money, money_places, price_places, unit_price


@pytest.mark.parametrize(
    ("costs", "shown"),
    [
        ([480_000, 1_000_000], ["0.48", "1.00"]),
        ([480_000, 48_300], ["0.4800", "0.0483"]),
        ([480_000, 48_310, 5], ["0.480000", "0.048310", "0.000005"]),
    ],
)
def test_amounts_stand_under_each_other(costs: list[int], shown: list[str]) -> None:
    rows = [SimpleNamespace(cost_micro=cost) for cost in costs]
    for given in (rows, [("HK", row) for row in rows]):
        places = money_places(given)
        assert [money(row.cost_micro, places) for row in rows] == shown
    assert money(sum(costs), places).count(".") == 1
    assert len(money(sum(costs), places).split(".")[1]) == places


def test_prices_do_so_too() -> None:
    rows = [SimpleNamespace(unit_micro=micro) for micro in (48_000, 48_325)]
    places = price_places(rows, "unit_micro")
    assert [unit_price(row.unit_micro, places) for row in rows] == ["0.048000", "0.048325"]
    assert (money_places([]), price_places([], "unit_micro")) == (2, 4)
