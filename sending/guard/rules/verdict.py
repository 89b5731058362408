"""What findings come to: passed, held, challenged or blocked; and how long a block lasts."""

from collections.abc import Iterable

from sending.guard.rules.facts import DAY
from sending.guard.rules.finding import GuardFinding
from sending.guard.rules.judging import stops
from sending.guard.rules.names import GuardAction
from sending.guard.rules.policy import Policy

_WEIGHT = {GuardAction.HOLD: 1, GuardAction.CHALLENGE: 2, GuardAction.BLOCK: 3}
_MOST_SECONDS = DAY
FOR_A_PERSON_SECONDS = 30 * DAY


def verdict(findings: Iterable[GuardFinding], policy: Policy) -> GuardFinding | None:
    """Return the finding that decides: of the rules that are enforced, the hardest and first."""
    enforced = [one for one in findings if stops(one, policy)]
    return max(enforced, key=lambda one: _WEIGHT[one.action], default=None)


def block_until(finding: GuardFinding, times: int, now: float) -> float:
    """Return until when something is stopped for the so many-th time: each time twice as long.

    What no time ends waits for a person; even that not for ever.
    """
    if finding.until is None:
        return now + FOR_A_PERSON_SECONDS
    longer: float = (finding.until - now) * 2 ** (min(times, 10) - 1)
    return now + min(longer, _MOST_SECONDS)
