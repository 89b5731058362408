"""What an organization chose: the mode of each rule, its thresholds, its countries, its caps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from sending.guard.rules.names import CHOSEN_RULES, Dimension, GuardMode, Rule


class Threshold(NamedTuple):
    """A number that a rule compares with: its default, and what may be chosen."""

    rule: Rule
    default: int
    least: int
    most: int


THRESHOLDS: Mapping[str, Threshold] = {
    "number_hour": Threshold(Rule.NUMBER, 5, 1, 100),
    "number_day": Threshold(Rule.NUMBER, 10, 1, 500),
    # Different numbers of a block of 1,000 in an hour of which no code was entered.
    "thousand_numbers": Threshold(Rule.THOUSAND, 5, 3, 1_000),
    # Codes of a block in six hours, five minutes old, before its conversion says anything.
    "ten_codes": Threshold(Rule.TEN_THOUSAND, 12, 5, 10_000),
    "hundred_codes": Threshold(Rule.HUNDRED_THOUSAND, 20, 5, 10_000),
    "country_unverified": Threshold(Rule.COUNTRY_BUDGET, 15, 1, 100_000),
    "country_codes": Threshold(Rule.COUNTRY_CONVERSION, 30, 10, 100_000),
    "address_numbers": Threshold(Rule.ADDRESS, 10, 2, 10_000),
    "address_countries": Threshold(Rule.ADDRESS, 3, 1, 200),
    # Per cent of the caps that a key may use in its first day.
    "new_key_share": Threshold(Rule.NEW_KEY, 10, 1, 100),
    # Times the busiest hour of 14 days.
    "jump_times": Threshold(Rule.NEW_KEY, 10, 2, 1_000),
}
DEFAULTS: Mapping[str, int] = {name: one.default for name, one in THRESHOLDS.items()}
# Neighbours of a block of 100 in ten minutes; nobody chooses it, because it only records.
SEQUENCE_NUMBERS = 8
# Jumps of fewer messages an hour harm nobody.
JUMP_LEAST = 100

STARTS_ENFORCED = frozenset({Rule.COUNTRY, Rule.NUMBER, Rule.THOUSAND, Rule.MONEY})


def starting_mode(rule: Rule, *, is_new: bool) -> GuardMode:
    """Return the mode of a rule that nobody chose.

    Of a new organization four rules stop at once and the others record. One that is older than the
    guard is only watched, so that nothing stops with an update.
    """
    return GuardMode.ENFORCE if is_new and rule in STARTS_ENFORCED else GuardMode.MONITOR


class Caps(NamedTuple):
    """What one-time passwords may cost in an hour and a day, in millionths; None: no cap."""

    hour: int | None = None
    day: int | None = None


NO_CAPS = Caps()


@dataclass(frozen=True)
class Policy:
    """The guard of an organization. `home` are countries that F2 lets pass; empty: all."""

    modes: Mapping[Rule, GuardMode]
    thresholds: Mapping[str, int] = field(default_factory=lambda: DEFAULTS)
    home: frozenset[str] = frozenset()
    organization_caps: Caps = NO_CAPS
    country_caps: Caps = NO_CAPS
    key_caps: Caps = NO_CAPS

    @cached_property
    def caps(self) -> Mapping[str, int]:
        """Return the caps that there are, by the counters that they are of."""
        of_each = (
            (Dimension.ORGANIZATION_HOUR, self.organization_caps.hour),
            (Dimension.ORGANIZATION_DAY, self.organization_caps.day),
            (Dimension.COUNTRY_HOUR, self.country_caps.hour),
            (Dimension.COUNTRY_DAY, self.country_caps.day),
            (Dimension.KEY_HOUR, self.key_caps.hour),
            (Dimension.KEY_DAY, self.key_caps.day),
        )
        return {dimension.value: cap for dimension, cap in of_each if cap is not None}

    @cached_property
    def is_off(self) -> bool:
        """Tell whether no rule is asked."""
        return all(mode is GuardMode.OFF for mode in self.modes.values())

    def mode(self, rule: Rule) -> GuardMode:
        """Return the mode of a rule; of those that nobody chooses, that it records."""
        return self.modes.get(rule, GuardMode.MONITOR)

    @cached_property
    def asked(self) -> frozenset[Rule]:
        """Return the rules that are asked."""
        return frozenset(rule for rule in Rule if self.mode(rule) is not GuardMode.OFF)

    def stops(self, rule: Rule) -> bool:
        """Tell whether a rule stops what it speaks against."""
        return self.mode(rule) is GuardMode.ENFORCE


def policy_of_modes(*, is_new: bool, chosen: Mapping[Rule, GuardMode] | None = None) -> Policy:
    """Return the policy with these modes, and the defaults for all else."""
    modes: dict[Rule, GuardMode] = {
        rule: starting_mode(rule, is_new=is_new) for rule in CHOSEN_RULES
    }
    return Policy({**modes, **(chosen or {})})
