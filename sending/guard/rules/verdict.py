"""What findings come to: passed, held, challenged or blocked; and how long a block lasts."""

from collections.abc import Iterable

from sending.guard.rules.finding import GuardFinding
from sending.guard.rules.judging import stops
from sending.guard.rules.names import GuardAction
from sending.guard.rules.policy import Policy

_WEIGHT = {GuardAction.HOLD: 1, GuardAction.CHALLENGE: 2, GuardAction.BLOCK: 3}
_MOST_SECONDS = 24 * 3_600


def verdict(findings: Iterable[GuardFinding], policy: Policy) -> GuardFinding | None:
    """Return the finding that decides: of the rules that are enforced, the hardest and first."""
    enforced = [one for one in findings if stops(one, policy)]
    return max(enforced, key=lambda one: _WEIGHT[one.action], default=None)


def block_seconds(seconds: float, times: int) -> float:
    """Return how long something is stopped for the so many-th time: each time twice as long."""
    return float(min(seconds * 2 ** max(min(times, 10) - 1, 0), _MOST_SECONDS))
