"""Honest traffic and attacks, drawn from fixed seeds: the same rows on every machine.

Run it to write the files anew: `python -m sending.tests.guard.golden.cases`.
"""

import csv
import gzip
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent
HOUR = 3_600
_NUMBERS = 20_000_000
HONEST, ATTACK = "honest", "attack"


class Row(NamedTuple):
    """One code that is asked for: seconds since the beginning, by whom, and whether it is entered.

    `converted_at` is empty where it never is.
    """

    t: float
    number: str
    ip: str
    converted_at: str
    label: str


def _row(t: float, subscriber: int, ip: int, delay: float | None, label: str) -> Row:
    number = f"+4474{subscriber:08d}"
    address = f"10.{ip >> 16 & 255}.{ip >> 8 & 255}.{ip & 255}"
    converted_at = "" if delay is None else f"{t + delay:.2f}"
    return Row(round(t, 2), number, address, converted_at, label)


def honest(
    chance: random.Random,
    an_hour: float,
    hours: float,
    *,
    numbers: int = _NUMBERS,
    conversion: float = 0.7,
) -> Iterator[Row]:
    """People who sign in: some come again, some ask twice, most enter their code."""
    known = [chance.randrange(numbers) for _each in range(2_000)]
    t = 0.0
    while t < hours * HOUR:
        t += chance.expovariate(an_hour / HOUR)
        who = chance.choice(known) if chance.random() < 0.3 else chance.randrange(numbers)
        ip = chance.randrange(1_000_000)
        for nth in range(1 + (chance.random() < 0.12)):
            enters = chance.random() < conversion
            yield _row(t + 40 * nth, who, ip, chance.uniform(8, 90) if enters else None, HONEST)


def attack(
    chance: random.Random,
    an_hour: float,
    pick: Callable[[random.Random, int, int], int],
    *,
    since: float = 2 * HOUR,
    hours: float = 3,
    faked: float = 0.0,
) -> Iterator[Row]:
    """A script that changes its address: `pick` says which number comes next."""
    base = chance.randrange(_NUMBERS // 10_000) * 10_000
    addresses = [chance.randrange(1_000_000, 2_000_000) for _each in range(2_000)]
    t, nth = since, 0
    while t < since + hours * HOUR:
        t += chance.expovariate(an_hour / HOUR)
        nth += 1
        delay = 20.0 if chance.random() < faked else None
        yield _row(t, pick(chance, base, nth), chance.choice(addresses), delay, ATTACK)


def company(chance: random.Random) -> Iterator[Row]:
    """Sixty colleagues with numbers in a row who sign up within twenty minutes."""
    for nth in range(60):
        enters = chance.random() < 0.75
        delay = chance.uniform(10, 120) if enters else None
        yield _row(2 * HOUR + 20 * nth, 555_000 + nth, nth, delay, HONEST)


PICKS: Mapping[str, Callable[[random.Random, int, int], int]] = {
    "sequence": lambda _chance, base, nth: base + nth,
    "block_10k": lambda chance, base, _nth: base + chance.randrange(10_000),
    "block_100k": lambda chance, base, _nth: base // 100_000 * 100_000 + chance.randrange(100_000),
    "spread": lambda chance, _base, _nth: chance.randrange(_NUMBERS),
}


def _attacked(kind: str, an_hour: int, faked: float = 0.0) -> Iterator[Row]:
    yield from honest(random.Random(21), 100, 6)
    yield from attack(random.Random(22), an_hour, PICKS[kind], faked=faked)


CASES: Mapping[str, Callable[[], Iterator[Row]]] = {
    "normal_10": lambda: honest(random.Random(10), 10, 24),
    "normal_100": lambda: honest(random.Random(100), 100, 24),
    "normal_1000": lambda: honest(random.Random(1_000), 1_000, 6),
    "launch": lambda: honest(random.Random(5), 300, 12),
    "spike": lambda: honest(random.Random(6), 300, 6),
    "broken_route": lambda: honest(random.Random(7), 100, 12, conversion=0.3),
    "small_country": lambda: honest(random.Random(8), 100, 12, numbers=200_000),
    "company": lambda: iter([*honest(random.Random(9), 50, 8), *company(random.Random(9))]),
    **{
        f"{kind}_{an_hour}": lambda kind=kind, an_hour=an_hour: _attacked(kind, an_hour)
        for kind in PICKS
        for an_hour in (60, 600)
    },
    "faked_60": lambda: _attacked("block_10k", 60, 0.3),
    "faked_600": lambda: _attacked("block_10k", 600, 0.3),
}


def path_of(name: str) -> Path:
    """Return the file of a case."""
    return FOLDER / f"{name}.csv.gz"


def rows_of(name: str) -> list[Row]:
    """Make the rows of a case, in the order of time."""
    return sorted(CASES[name]())


def stored(name: str) -> list[Row]:
    """Read the rows of a case from its file."""
    with gzip.open(path_of(name), "rt", newline="") as file:
        _head, *lines = csv.reader(file)
    return [Row(float(t), *rest) for t, *rest in lines]


def write_all() -> None:
    """Write every file."""
    for name in CASES:
        with (
            path_of(name).open("wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed,
        ):
            lines = [",".join(Row._fields), *(",".join(map(str, row)) for row in rows_of(name))]
            packed.write(("\n".join(lines) + "\n").encode())


if __name__ == "__main__":
    write_all()
