"""What a rule says against a message."""

from dataclasses import dataclass

from sending.guard.rules.names import Dimension, GuardAction, Rule


@dataclass(frozen=True, slots=True)
class GuardFinding:
    """A rule, what it is about, what was counted against which threshold, and until when.

    `window` is in seconds, 0 where nothing is counted. `until` is seconds since 1970; None where
    no time ends it, only a person. With `makes_block` what it is about is stopped until then.
    """

    rule: Rule
    action: GuardAction
    dimension: Dimension
    bucket: str
    counted: int
    threshold: int
    window: int
    until: float | None
    makes_block: bool = False
    # A person made the block: it holds whatever the mode of the rule is.
    by_person: bool = False
