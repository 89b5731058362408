"""What few observations may mean: bounds of shares."""

import math

# 99 %, two-sided.
_Z = 2.576


def highest_share(successes: int, of: int) -> float:
    """Return the upper end of the 99 % Wilson interval of a share; 1 of nothing."""
    if not of:
        return 1.0
    share, square = successes / of, _Z * _Z
    middle = share + square / (2 * of)
    spread = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (middle + spread) / (1 + square / of)


def failures_in_a_row(share: float) -> int:
    """Return how many failures in a row come by chance only once in a hundred times."""
    if share <= 0:
        return 1_000_000
    if share >= 1:
        return 1
    return math.ceil(math.log(0.01) / math.log(1 - share))
