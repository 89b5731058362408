"""What was judged, from the rows that are kept of it."""

from sending.guard.rules.facts import Subject
from sending.guard.rules.ranges import Ranges, ranges_of
from sending.models import GuardEvent


def subject_of(event: GuardEvent) -> Subject:
    """Return an event as the rules see it."""
    return Subject(
        now=event.at.timestamp(),
        number=event.number_digest,
        ranges=known_ranges(event.block, event.hundred),
        country=event.country,
        key=event.api_key_id,
        cost_micro=event.cost_micro,
        address=event.address_digest,
    )


def known_ranges(block: int, hundred: int) -> Ranges:
    """Return where a number lies of which only the block is kept: the last digits say nothing."""
    return ranges_of(f"+{block}{hundred}00") if block else Ranges(0, hundred, 0, 0)
