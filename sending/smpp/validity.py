"""validity_period as SMPP 3.4 clause 7.1.1 writes it."""

from __future__ import annotations

from functools import lru_cache

MINUTE, HOUR, DAY = 60, 3_600, 86_400
# Two digits hold the days; longer than a month helps no text message.
LONGEST = 31 * DAY - 1


@lru_cache(maxsize=256)
def relative_validity(seconds: int | None) -> str:
    """Return ``YYMMDDhhmmss000R`` for a time from now, or nothing for the carrier's default.

    Relative, because then the clocks of both sides need not agree. At least one second:
    all zeros would mean something else.
    """
    if seconds is None:
        return ""
    rest = min(max(seconds, 1), LONGEST)
    days, rest = divmod(rest, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"0000{days:02}{hours:02}{minutes:02}{rest:02}000R"
