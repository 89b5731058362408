"""Numbers that another task has already, in a compact file."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

_NUMBERS = "Q"


def write(path: Path, numbers: Iterable[str]) -> int:
    """Write E.164 numbers with plus, in any order; return how many."""
    known = array(_NUMBERS, sorted(int(number[1:]) for number in numbers))
    path.write_bytes(known.tobytes())
    return len(known)


class KnownNumbers:
    """Tells whether a number is among those of a file."""

    def __init__(self, path: str) -> None:
        """`path` is a file of `write`, or empty."""
        self._numbers = array(_NUMBERS)
        if path:
            self._numbers.frombytes(Path(path).read_bytes())

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def __contains__(self, number: int) -> bool:
        at = bisect_left(self._numbers, number)
        return at < len(self._numbers) and self._numbers[at] == number
