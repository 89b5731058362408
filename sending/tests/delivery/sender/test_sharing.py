"""Shares of bind slots: fair, the same by everybody's reckoning, reached with few moves."""

from collections import Counter as Tally

from hypothesis import given
from hypothesis import strategies as st

from sending.delivery.sender.sharing import Slot, shares

GATEWAYS = st.lists(st.integers(1, 6), min_size=1, max_size=6)
NAMES = "abcde"


def slots(gateways: list[int]) -> set[Slot]:
    return {
        (gateway, number)
        for gateway, count in enumerate(gateways, 1)
        for number in range(1, count + 1)
    }


def settle(wanted: set[Slot], held: dict[str, list[Slot]]) -> int:
    """Let workers act in turn until nobody moves; return how many slots changed hands."""
    moved = 0
    for _round in range(3):
        for me in sorted(held):
            free = wanted - {slot for other in held.values() for slot in other}
            ours = shares(wanted, held[me], free, workers=sorted(held), me=me)
            held[me] = [slot for slot in held[me] if slot not in ours.give_back] + ours.take
            moved += len(ours.take)
    return moved


@given(GATEWAYS, st.integers(1, 5))
def test_all_slots_are_held_once_and_shares_differ_by_one_at_most(
    gateways: list[int], workers: int
) -> None:
    wanted = slots(gateways)
    held: dict[str, list[Slot]] = {name: [] for name in NAMES[:workers]}
    settle(wanted, held)
    assert sorted(slot for mine in held.values() for slot in mine) == sorted(wanted)
    sizes = [len(mine) for mine in held.values()]
    assert max(sizes) - min(sizes) <= 1


@given(GATEWAYS)
def test_who_comes_gets_its_share_and_nothing_else_moves(gateways: list[int]) -> None:
    wanted = slots(gateways)
    held: dict[str, list[Slot]] = {"a": []}
    settle(wanted, held)
    held["b"] = []
    assert settle(wanted, held) == len(wanted) // 2
    assert not set(held["a"]) & set(held["b"])


@given(GATEWAYS)
def test_who_goes_leaves_its_slots_to_the_others(gateways: list[int]) -> None:
    wanted = slots(gateways)
    held: dict[str, list[Slot]] = {"a": [], "b": [], "c": []}
    settle(wanted, held)
    left = len(held.pop("b"))
    assert settle(wanted, held) >= left
    assert sorted(slot for mine in held.values() for slot in mine) == sorted(wanted)


def test_two_workers_have_a_connection_of_each_gateway() -> None:
    wanted = slots([2, 4])
    held: dict[str, list[Slot]] = {"a": [], "b": []}
    held["a"] = sorted(wanted)
    settle(wanted, held)
    for mine in held.values():
        assert Tally(gateway for gateway, _number in mine) == {1: 1, 2: 2}


def test_what_is_not_wanted_any_more_counts_for_nothing() -> None:
    ours = shares({(1, 1)}, [(2, 1)], [(1, 1), (2, 2)], workers=["a"], me="a")
    assert ours == ([], [(1, 1)])


def test_a_worker_that_nobody_has_seen_yet_counts_itself() -> None:
    ours = shares({(1, 1), (1, 2)}, [], [(1, 1), (1, 2)], workers=["b"], me="a")
    assert len(ours.take) == 1
