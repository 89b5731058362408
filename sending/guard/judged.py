"""Messages that are offered to the guard, and what it said of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from accounts.masking import masked
from sending.guard.rules.facts import Subject
from sending.guard.rules.finding import GuardFinding
from sending.guard.rules.names import Dimension, GuardAction
from sending.guard.rules.ranges import shown


class Candidate(NamedTuple):
    """A one-time password that nothing else speaks against."""

    msisdn: str
    country: str
    cost_micro: int
    api_key_id: int
    client_ip: str = ""
    has_proved: bool = False


@dataclass(slots=True)
class Judged:
    """A candidate as the rules see it, what decided, and all that was found."""

    candidate: Candidate
    subject: Subject
    decided: GuardFinding | None = None
    findings: Sequence[GuardFinding] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        """Tell whether it is accepted and waits."""
        return self.decided is not None and self.decided.action is GuardAction.HOLD

    @property
    def is_refused(self) -> bool:
        """Tell whether it is not accepted."""
        return self.decided is not None and self.decided.action is not GuardAction.HOLD

    @property
    def until(self) -> datetime | None:
        """Return when what decided ends by itself, if it does."""
        return moment_of(self.decided.until) if self.decided else None

    def shown(self, finding: GuardFinding) -> str:
        """Return what a finding is about, as people read it; of a number only some digits."""
        return shown_subject(finding, self.candidate)


def moment_of(at: float | None) -> datetime | None:
    """Return seconds since 1970 as a moment."""
    return None if at is None else datetime.fromtimestamp(at, UTC)


_RANGES = frozenset(
    {
        *(Dimension.HUNDRED, Dimension.THOUSAND),
        *(Dimension.TEN_THOUSAND, Dimension.HUNDRED_THOUSAND),
    }
)


def shown_subject(finding: GuardFinding, candidate: Candidate) -> str:
    """Return what a finding is about, as people read it."""
    dimension = finding.dimension
    if dimension is Dimension.NUMBER:
        return masked(candidate.msisdn)
    if dimension in _RANGES:
        return shown(dimension, int(finding.bucket))
    if dimension is Dimension.ADDRESS:
        return candidate.client_ip
    return finding.bucket
