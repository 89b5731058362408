"""How long messages took, counted in steps that grow: a few numbers say it of a million."""

from collections.abc import Mapping, Sequence
from math import ceil, log2

# A step is a fourth of a doubling, 19 %; the first ends at an eighth of a second.
_FIRST_SECONDS = 0.125
_STEPS_A_DOUBLING = 4
# Of a week; whatever took longer is in it.
LAST_STEP = 89


def step_of(seconds: float) -> int:
    """Return the step that a delay falls into, from 0 to LAST_STEP."""
    if seconds <= _FIRST_SECONDS:
        return 0
    return min(ceil(log2(seconds / _FIRST_SECONDS) * _STEPS_A_DOUBLING), LAST_STEP)


def end_of(step: int) -> float:
    """Return the longest delay of a step, in seconds."""
    return float(_FIRST_SECONDS * 2.0 ** (step / _STEPS_A_DOUBLING))


def percentile(counts: Mapping[int, int], percent: int) -> float | None:
    """Return within how many seconds so many percent of the messages came; None of no message.

    It is the end of the step they reach into, so it is at most 19 % too long and never too short.
    """
    total = sum(counts.values())
    if total <= 0:
        return None
    wanted = -(-total * percent // 100)
    seen = 0
    for step in sorted(counts):
        seen += counts[step]
        if seen >= wanted:
            return end_of(step)
    return None


def nearest_rank(ascending: Sequence[float], percent: int) -> float:
    """Return the smallest of some values that so many percent do not exceed.

    They are sorted, and at least one.
    """
    return ascending[max(0, ceil(len(ascending) * percent / 100) - 1)]
