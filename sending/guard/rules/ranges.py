"""Blocks of numbers: the digits that a thousand, ten or a hundred thousand have in common."""

from functools import lru_cache
from typing import NamedTuple

from sending.guard.rules.names import Dimension
from sending.sms.calling_code import cut

# A block says something only if some digits behind the calling code are of it: in a country with
# six-digit numbers, a hundred thousand of them are a tenth of everybody.
_LEAST_DIGITS = 2


class Ranges(NamedTuple):
    """Where a number lies. A block that is too large for its country is 0, and not counted."""

    thousand: int
    # Which hundred of it, 0 to 9.
    hundred: int
    ten_thousand: int
    hundred_thousand: int


def ranges_of(e164: str) -> Ranges:
    """Return the blocks of an E.164 number."""
    digits = e164.removeprefix("+")
    longest = len(digits) - _code_length(digits[:3]) - _LEAST_DIGITS
    number = int(digits)
    thousand = number // 1_000
    return Ranges(
        thousand if longest >= 3 else 0,
        number // 100 % 10,
        thousand // 10 if longest >= 4 else 0,
        thousand // 100 if longest >= 5 else 0,
    )


@lru_cache(maxsize=1_000)
def _code_length(head: str) -> int:
    return len(cut(head)[0])


_HIDDEN = {
    Dimension.HUNDRED: 2,
    Dimension.THOUSAND: 3,
    Dimension.TEN_THOUSAND: 4,
    Dimension.HUNDRED_THOUSAND: 5,
}


def shown(dimension: Dimension, block: int) -> str:
    """Return a block as people read it: +85251230xxx."""
    return f"+{block}{'x' * _HIDDEN[dimension]}"
