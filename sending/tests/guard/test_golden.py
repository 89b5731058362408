"""What the rules make of days without attack, and of every attack in the files beside them."""

from typing import NamedTuple

import pytest

from sending.guard.rules.policy import policy_of_modes
from sending.tests.guard.golden.cases import ATTACK, CASES, rows_of, stored
from sending.tests.guard.playing import COST, HONEST, play, usual


class Expected(NamedTuple):
    """Honest codes asked for, attackers' that left, minutes to the first stop, who was stopped."""

    honest: int
    left: int
    minutes: float | None
    stopped: dict[str, int]


# With every rule enforced. F7 and F8 ask for proof of a person, the others stop.
EXPECTED = {
    "normal_10": Expected(279, 0, None, {}),
    "normal_100": Expected(2608, 0, None, {}),
    "normal_1000": Expected(6689, 0, None, {}),
    "launch": Expected(3997, 0, None, {}),
    "spike": Expected(1995, 0, None, {}),
    "broken_route": Expected(1326, 0, None, {"honest F7": 510, "honest F8": 4}),
    "small_country": Expected(1340, 0, None, {}),
    "company": Expected(477, 0, None, {}),
    "sequence_60": Expected(664, 10, 7.3, {"attack F4": 175}),
    "sequence_600": Expected(664, 15, 0.7, {"attack F4": 1566, "attack F5": 210}),
    "block_10k_60": Expected(664, 16, 18.1, {"attack F5": 159}),
    "block_10k_600": Expected(
        664,
        53,
        2.2,
        {"attack F4": 87, "attack F5": 1137, "attack F7": 513, "honest F6": 3, "honest F7": 77},
    ),
    "block_100k_60": Expected(664, 25, 24.1, {"attack F6": 158, "honest F6": 3}),
    "block_100k_600": Expected(
        664,
        79,
        7.0,
        {"attack F6": 1162, "attack F7": 536, "attack F8": 11, "honest F6": 3, "honest F7": 82},
    ),
    "spread_60": Expected(664, 106, 45.5, {"attack F7": 71, "honest F7": 179}),
    "spread_600": Expected(
        664, 247, 9.3, {"attack F7": 1497, "attack F8": 63, "honest F7": 289, "honest F8": 13}
    ),
    "faked_60": Expected(664, 175, None, {}),
    "faked_600": Expected(664, 383, 19.0, {"attack F4": 37, "attack F7": 1370, "honest F7": 286}),
}
# Codes an hour, where they are not 100.
RATES = {"normal_10": 10, "normal_1000": 1_000, "launch": 0, "company": 50}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_rules_decide_as_written_down(name):
    expected, rows = EXPECTED[name], stored(name)
    played = play(rows, known=usual(RATES.get(name, 100)))
    began = min((row.t for row in rows if row.label == ATTACK), default=0.0)
    stop = played.first_stop
    minutes = None if stop is None else round((stop - began) / 60, 1)
    assert (played.offered[HONEST], played.left[ATTACK]) == (expected.honest, expected.left)
    assert (minutes, dict(played.stopped_by)) == (expected.minutes, expected.stopped)
    assert played.spent_micro == sum(played.left.values()) * COST


@pytest.mark.parametrize("name", EXPECTED)
def test_with_what_a_new_organization_starts_with_nobody_honest_is_stopped(name):
    policy = policy_of_modes(is_new=True)
    assert play(stored(name), policy, usual(RATES.get(name, 100))).honest_stopped == 0


@pytest.mark.parametrize("name", ["launch", "spike", "normal_100", "small_country", "company"])
def test_good_days_stop_nobody_even_if_all_is_enforced(name):
    assert EXPECTED[name].stopped == {}


@pytest.mark.parametrize("name", ["company", "sequence_60"])
def test_the_files_are_what_the_script_writes(name):
    assert stored(name) == rows_of(name)


def test_every_case_is_expected():
    assert set(EXPECTED) == set(CASES)
