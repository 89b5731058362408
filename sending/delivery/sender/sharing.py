"""Which bind slots are whose: live send workers share them out, each by itself, to the same end."""

from collections import Counter as Tally
from collections.abc import Collection, Iterable
from typing import NamedTuple

# Gateway and number.
Slot = tuple[int, int]


class Shares(NamedTuple):
    """What a worker does next: slots to drain and give back, and free ones to take."""

    give_back: list[Slot]
    take: list[Slot]


def shares(
    wanted: Collection[Slot],
    held: Iterable[Slot],
    free: Iterable[Slot],
    *,
    workers: Iterable[str],
    me: str,
) -> Shares:
    """Return what brings this worker to its share of the slots.

    Shares differ by one slot at most, and every worker reckons them alike from the names of all.
    Only what is too much is given back, so few connections are made anew. A worker gives back of
    the gateway of which it has most, and takes of the one of which it has least: one that dies
    takes none along.
    """
    mine = [slot for slot in held if slot in wanted]
    order = sorted({*workers, me})
    rank = order.index(me)
    share = len(wanted) // len(order) + (rank < len(wanted) % len(order))
    all_of = Tally(gateway for gateway, _number in wanted)
    mine_of = Tally(gateway for gateway, _number in mine)

    def part(slot: Slot) -> float:
        return mine_of[slot[0]] / all_of[slot[0]]

    give_back: list[Slot] = []
    while len(mine) > share:
        slot = max(mine, key=lambda slot: (part(slot), slot))
        mine.remove(slot)
        mine_of[slot[0]] -= 1
        give_back.append(slot)
    left = {slot for slot in free if slot in wanted} - {*mine, *give_back}
    take: list[Slot] = []
    while left and len(mine) + len(take) < share:
        # Workers that look at the same moment do not begin with the same slot.
        slot = min(left, key=lambda slot: (part(slot), (slot[1] - rank) % len(order), slot))
        left.remove(slot)
        mine_of[slot[0]] += 1
        take.append(slot)
    return Shares(give_back, take)
