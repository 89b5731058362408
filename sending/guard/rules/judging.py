"""The rules: what each of them says of one message, by what was counted before it."""

from collections.abc import Callable, Mapping

from sending.guard.rules.bounds import failures_in_a_row, highest_share
from sending.guard.rules.facts import (
    DAY,
    HOUR,
    NOBODY,
    SEQUENCE_SECONDS,
    SIX_HOURS,
    Conversion,
    Facts,
    Subject,
)
from sending.guard.rules.finding import GuardFinding
from sending.guard.rules.names import MINUTES, Dimension, GuardAction, Rule
from sending.guard.rules.policy import JUMP_LEAST, NO_CAPS, SEQUENCE_NUMBERS, Policy

_HELD_SECONDS = HOUR
# A conversion below this share of what is usual says that nobody reads the codes.
_SHARE_OF_USUAL = 0.5
_Finding = GuardFinding | None
_NOTHING: frozenset[Rule] = frozenset()
_PASSED_BY_PROOF = frozenset({Rule.COUNTRY_BUDGET, Rule.COUNTRY_CONVERSION})
_PASSED_BY_TRUST = frozenset(
    {
        *(Rule.COUNTRY, Rule.NUMBER, Rule.THOUSAND, Rule.SEQUENCE, Rule.TEN_THOUSAND),
        *(Rule.HUNDRED_THOUSAND, Rule.COUNTRY_BUDGET, Rule.COUNTRY_CONVERSION),
    }
)


def judge(subject: Subject, facts: Facts, policy: Policy) -> list[GuardFinding]:
    """Return what speaks against a message, in the order of the rules.

    The first rule that is enforced and blocks is the last one asked. Rules that are off say
    nothing; those that only record are among the findings.
    """
    found: list[GuardFinding] = []
    passed = _passed(subject, facts)
    for rule, ask in _RULES.items():
        if rule in passed:
            continue
        # How it came about stands in the block: counting again would only prolong it.
        finding = _stopped(rule, subject, facts, policy) if facts.blocks else None
        if finding is None and rule in policy.asked:
            finding = ask(subject, facts, policy)
        if finding is None:
            continue
        found.append(finding)
        if finding.action is GuardAction.BLOCK and stops(finding, policy):
            break
    return found


def stops(finding: GuardFinding, policy: Policy) -> bool:
    """Tell whether a finding stops a message, or is only recorded."""
    return finding.by_person or policy.stops(finding.rule)


def _stopped(rule: Rule, subject: Subject, facts: Facts, policy: Policy) -> GuardFinding | None:
    """Return what was stopped before by this rule, and is still."""
    for block in facts.blocks:
        if block.rule == rule and (block.by_person or rule in policy.asked):
            waits_for_person = rule is Rule.MONEY and block.until > subject.now + DAY
            return GuardFinding(
                *(rule, block.action, block.dimension, block.bucket),
                *(block.counted, block.threshold, 0, None if waits_for_person else block.until),
                by_person=block.by_person,
            )
    return None


def _passed(subject: Subject, facts: Facts) -> frozenset[Rule]:
    """Return the rules that are not for this message."""
    trusted = _PASSED_BY_TRUST if facts.is_trusted else _NOTHING
    return trusted | _PASSED_BY_PROOF if subject.has_proved else trusted


def _country(subject: Subject, _facts: Facts, policy: Policy) -> _Finding:
    """F2: the country is not among those of the organization."""
    if policy.home and subject.country not in policy.home:
        return GuardFinding(
            Rule.COUNTRY, GuardAction.BLOCK, Dimension.COUNTRY, subject.country, 1, 0, 0, until=None
        )
    return None


def _number(_subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F3: the number gets too many codes."""
    most = policy.thresholds["number_hour"]
    if facts.number_hour >= most:
        return _too_many(facts.number_hour, most, HOUR, facts.number_hour_since)
    most = policy.thresholds["number_day"]
    if facts.number_day >= most:
        return _too_many(facts.number_day, most, DAY, facts.number_day_since)
    return None


def _too_many(counted: int, most: int, window: int, since: float) -> GuardFinding:
    # The digest is nobody's business: the number itself is shown, masked.
    return GuardFinding(
        *(Rule.NUMBER, GuardAction.BLOCK, Dimension.NUMBER, ""),
        *(counted, most, window, since + window),
    )


def _thousand(subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F4: neighbours get codes and none of them is ever entered."""
    usual, least = facts.usual.conversion, policy.thresholds["thousand_numbers"]
    if facts.thousand_numbers < least or facts.thousand_verified:
        return None
    if usual is None or not subject.ranges.thousand:
        return None
    # Where numbers are dense, and where few codes are reported as entered, more is no mark.
    mean = facts.hundred_thousand_hour / 100
    most = max(least, round(6 * mean + 4), failures_in_a_row(usual))
    if facts.thousand_numbers >= most:
        return GuardFinding(
            *(Rule.THOUSAND, GuardAction.HOLD, Dimension.THOUSAND, str(subject.ranges.thousand)),
            *(facts.thousand_numbers, most, HOUR, subject.now + _HELD_SECONDS),
            makes_block=True,
        )
    return None


def _sequence(subject: Subject, facts: Facts, _policy: Policy) -> _Finding:
    """F4 without conversions: many neighbours within minutes."""
    if facts.usual.conversion is None and facts.neighbours >= SEQUENCE_NUMBERS:
        hundred = subject.ranges.thousand * 10 + subject.ranges.hundred
        return GuardFinding(
            *(Rule.SEQUENCE, GuardAction.HOLD, Dimension.HUNDRED, str(hundred)),
            *(facts.neighbours, SEQUENCE_NUMBERS, SEQUENCE_SECONDS, None),
        )
    return None


def _is_unusual(found: Conversion, least: int, usual: float | None) -> bool:
    """Tell whether a conversion is certainly less than half of what is usual."""
    if usual is None or found.ripe < least:
        return False
    return highest_share(found.verified, found.ripe) < _SHARE_OF_USUAL * usual


def _ten_thousand(subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F5: too few codes of the block are entered."""
    found, least = facts.ten_thousand, policy.thresholds["ten_codes"]
    if not subject.ranges.ten_thousand or not _is_unusual(found, least, facts.usual.conversion):
        return None
    about = Dimension.TEN_THOUSAND, str(subject.ranges.ten_thousand)
    return _held_block(Rule.TEN_THOUSAND, about, found, least, subject.now)


def _hundred_thousand(subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F6: the same of a larger block."""
    found, least = facts.hundred_thousand, policy.thresholds["hundred_codes"]
    if not subject.ranges.hundred_thousand or not _is_unusual(found, least, facts.usual.conversion):
        return None
    about = Dimension.HUNDRED_THOUSAND, str(subject.ranges.hundred_thousand)
    return _held_block(Rule.HUNDRED_THOUSAND, about, found, least, subject.now)


def _held_block(
    rule: Rule, about: tuple[Dimension, str], found: Conversion, least: int, now: float
) -> GuardFinding:
    return GuardFinding(
        *(rule, GuardAction.HOLD, *about, found.ripe - found.verified, least),
        *(SIX_HOURS, now + _HELD_SECONDS),
        makes_block=True,
    )


def _country_budget(subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F7: more codes of the country than usual are not entered.

    Never the volume is capped: a day of launch is no attack.
    """
    usual, least = facts.usual.conversion, policy.thresholds["country_unverified"]
    unverified = facts.country.ripe - facts.country.verified
    if usual is None or unverified <= least:
        return None
    # Where less than half is entered in good times, more unverified codes are usual.
    to_each = max(1.0, (1 - usual) / max(usual, 0.01))
    busiest = facts.usual.busiest_verified.get(subject.country, 0)
    expected = max(facts.country.verified, busiest / 2) * to_each
    most = max(least, int(expected))
    if unverified > most:
        return GuardFinding(
            *(Rule.COUNTRY_BUDGET, GuardAction.CHALLENGE, Dimension.COUNTRY, subject.country),
            *(unverified, most, HOUR, None),
        )
    return None


def _country_conversion(subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F8: too few codes of the country are entered."""
    least = policy.thresholds["country_codes"]
    if _is_unusual(facts.country, least, facts.usual.conversion):
        unverified = facts.country.ripe - facts.country.verified
        return GuardFinding(
            *(Rule.COUNTRY_CONVERSION, GuardAction.CHALLENGE, Dimension.COUNTRY, subject.country),
            *(unverified, least, HOUR, None),
        )
    return None


def _address(subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F9: one address asks for many people, and nobody enters a code."""
    if subject.address == NOBODY:
        return None
    most = policy.thresholds["address_numbers"]
    countries = policy.thresholds["address_countries"]
    bucket, until = str(subject.address), subject.now + _HELD_SECONDS
    address = (Rule.ADDRESS, GuardAction.BLOCK, Dimension.ADDRESS, bucket)
    if facts.address_numbers >= most and not facts.address_verified_hour:
        return GuardFinding(*address, facts.address_numbers, most, HOUR, until, makes_block=True)
    if facts.address_countries > countries and not facts.address_verified_day:
        return GuardFinding(
            *address, facts.address_countries, countries, DAY, until, makes_block=True
        )
    return None


def _money(subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F10: a cap of money would be passed; nothing goes then until a person has looked."""
    key, cost = str(subject.key), subject.cost_micro
    organization, country, by_key = facts.organization_spent, facts.country_spent, facts.key_spent
    # The day first: who has used it up need not be told of the hour.
    spent = (
        (Dimension.ORGANIZATION_DAY, "", organization.day),
        (Dimension.ORGANIZATION_HOUR, "", organization.hour),
        (Dimension.COUNTRY_DAY, subject.country, country.day),
        (Dimension.COUNTRY_HOUR, subject.country, country.hour),
        (Dimension.KEY_DAY, key, by_key.day),
        (Dimension.KEY_HOUR, key, by_key.hour),
    )
    for dimension, bucket, used in spent if policy.caps else ():
        cap = policy.caps.get(dimension)
        if cap is not None and used + cost > cap:
            return GuardFinding(
                *(Rule.MONEY, GuardAction.BLOCK, dimension, bucket, used, cap),
                *(MINUTES[dimension] * 60, None),
                makes_block=True,
            )
    return None


def _new_key(subject: Subject, facts: Facts, policy: Policy) -> _Finding:
    """F11: a key of today spends much, or an hour is far busier than any before."""
    until = (subject.now // HOUR + 1) * HOUR
    caps, spent = policy.organization_caps, facts.key_spent
    if facts.is_new_key and caps != NO_CAPS:
        share = policy.thresholds["new_key_share"]
        key = (Rule.NEW_KEY, GuardAction.HOLD, Dimension.KEY_HOUR, str(subject.key))
        for window, used, cap in ((DAY, spent.day, caps.day), (HOUR, spent.hour, caps.hour)):
            if cap is not None and used + subject.cost_micro > cap * share // 100:
                return GuardFinding(*key, used, cap * share // 100, window, until)
    busiest = facts.usual.busiest_sent
    most = max(JUMP_LEAST, policy.thresholds["jump_times"] * busiest)
    if busiest and facts.organization_hour >= most:
        return GuardFinding(
            *(Rule.NEW_KEY, GuardAction.HOLD, Dimension.ORGANIZATION_HOUR, ""),
            *(facts.organization_hour, most, HOUR, until),
        )
    return None


_RULES: Mapping[Rule, Callable[[Subject, Facts, Policy], _Finding]] = {
    Rule.COUNTRY: _country,
    Rule.NUMBER: _number,
    Rule.THOUSAND: _thousand,
    Rule.SEQUENCE: _sequence,
    Rule.TEN_THOUSAND: _ten_thousand,
    Rule.HUNDRED_THOUSAND: _hundred_thousand,
    Rule.COUNTRY_BUDGET: _country_budget,
    Rule.COUNTRY_CONVERSION: _country_conversion,
    Rule.ADDRESS: _address,
    Rule.MONEY: _money,
    Rule.NEW_KEY: _new_key,
}
