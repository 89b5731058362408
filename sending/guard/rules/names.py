"""What the guard calls things: rules, modes, actions, what is counted, what can be allowed."""

from enum import StrEnum


class Rule(StrEnum):
    """The rules, in the order in which they are asked. Their words are in `guard.words`.

    NUMBER_KIND is part of reading a number and always on; SEQUENCE stands in for the rules of
    conversion where nobody reports any, and only ever records.
    """

    TRUSTED = "F0"
    NUMBER_KIND = "F1"
    COUNTRY = "F2"
    NUMBER = "F3"
    THOUSAND = "F4"
    SEQUENCE = "F4S"
    TEN_THOUSAND = "F5"
    HUNDRED_THOUSAND = "F6"
    COUNTRY_BUDGET = "F7"
    COUNTRY_CONVERSION = "F8"
    ADDRESS = "F9"
    MONEY = "F10"
    NEW_KEY = "F11"

    # That of Enum is slow, and rules are looked up for every message.
    __hash__ = str.__hash__


CHOSEN_RULES: tuple[Rule, ...] = tuple(
    rule for rule in Rule if rule not in {Rule.TRUSTED, Rule.NUMBER_KIND, Rule.SEQUENCE}
)
"""Rules whose mode an organization chooses."""


class GuardMode(StrEnum):
    """Whether a rule is asked, and whether it stops anything."""

    OFF = "OFF"
    MONITOR = "MONITOR"
    ENFORCE = "ENFORCE"


class GuardAction(StrEnum):
    """What a rule wants: refuse, accept and wait, or have the program ask its user to prove."""

    BLOCK = "BLOCK"
    HOLD = "HOLD"
    CHALLENGE = "CHALLENGE"


class Dimension(StrEnum):
    """What is counted. Those of money are whole hours and days (UTC), all others minutes."""

    NUMBER = "N"
    HUNDRED = "H"
    THOUSAND = "1k"
    TEN_THOUSAND = "10k"
    HUNDRED_THOUSAND = "lak"
    COUNTRY = "C"
    ADDRESS = "IP"
    COUNTRY_HOUR = "CH"
    COUNTRY_DAY = "CD"
    ORGANIZATION_HOUR = "OH"
    ORGANIZATION_DAY = "OD"
    KEY_HOUR = "KH"
    KEY_DAY = "KD"

    __hash__ = str.__hash__


MINUTES: dict[Dimension, int] = {
    Dimension.TEN_THOUSAND: 1,
    Dimension.HUNDRED_THOUSAND: 1,
    Dimension.COUNTRY: 1,
    Dimension.COUNTRY_HOUR: 60,
    Dimension.ORGANIZATION_HOUR: 60,
    Dimension.KEY_HOUR: 60,
    Dimension.COUNTRY_DAY: 1440,
    Dimension.ORGANIZATION_DAY: 1440,
    Dimension.KEY_DAY: 1440,
}
"""How long a stretch of each counter is."""


class AllowKind(StrEnum):
    """What a person can let pass."""

    NUMBER = "NUMBER"
    RANGE = "RANGE"
    COUNTRY = "COUNTRY"
    NETWORK = "NETWORK"
    KEY = "KEY"
