"""Shares of a whole that add up, however each of them is rounded."""

from collections.abc import Sequence

# A share is shown with one decimal of a percent.
TENTHS = 1_000


def shares_of(parts: Sequence[int], whole: int = TENTHS) -> list[int]:
    """Share out `whole` by the sizes of `parts`; the largest remainders are rounded up.

    The sum is `whole`, or nothing when all parts are nothing, and no share is off by one or more.
    """
    total = sum(parts)
    if not total:
        return [0] * len(parts)
    shares = [part * whole // total for part in parts]
    by_remainder = sorted(
        range(len(parts)), key=lambda place: (-(parts[place] * whole % total), place)
    )
    for place in by_remainder[: whole - sum(shares)]:
        shares[place] += 1
    return shares
