"""Calls have space for their frames."""

import resource
from collections.abc import Callable

from smsconsole.frame_space import with_space

LOOPS, DEPTHS = 200, range(400)


def nothing(*_given: int) -> None:
    """Need a frame."""


def loop(depth: int) -> None:
    """Call something many times, so many calls deep."""
    if depth:
        loop(depth - 1)
    else:
        for _time in range(LOOPS):
            nothing(1, 2, 3)


def worst(called: Callable[[int], None]) -> int:
    """Return how many pages of memory the system had to give at the worst depth."""
    faults = []
    for depth in DEPTHS:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        called(depth)
        faults.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
    return max(faults)


def test_calls_in_a_loop_get_no_memory_from_the_system() -> None:
    assert worst(with_space(loop)) < LOOPS // 2
    assert with_space(divmod)(7, 2) == (3, 1)
