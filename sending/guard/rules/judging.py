"""The rules: what each of them says of one message, by what was counted before it."""

from collections.abc import Callable, Iterator

from sending.guard.rules.bounds import failures_in_a_row, highest_share
from sending.guard.rules.facts import (
    DAY,
    HOUR,
    NOBODY,
    SEQUENCE_SECONDS,
    SIX_HOURS,
    Conversion,
    Facts,
    Spent,
    Subject,
)
from sending.guard.rules.finding import GuardFinding
from sending.guard.rules.names import Dimension, GuardAction, Rule
from sending.guard.rules.policy import JUMP_LEAST, SEQUENCE_NUMBERS, Caps, Policy

_HELD_SECONDS = HOUR
# A conversion below this share of what is usual says that nobody reads the codes.
_SHARE_OF_USUAL = 0.5
_Findings = Iterator[GuardFinding]
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
    for rule, ask in _RULES:
        if _passes(rule, subject, facts):
            continue
        # How it came about stands in the block: counting again would only prolong it.
        stopped = _stopped(rule, facts, policy)
        if stopped:
            found.append(stopped)
        elif policy.asks(rule):
            found += ask(subject, facts, policy)
        if found and found[-1].action is GuardAction.BLOCK and stops(found[-1], policy):
            break
    return found


def stops(finding: GuardFinding, policy: Policy) -> bool:
    """Tell whether a finding stops a message, or is only recorded."""
    return finding.by_person or policy.stops(finding.rule)


def _stopped(rule: Rule, facts: Facts, policy: Policy) -> GuardFinding | None:
    """Return what was stopped before by this rule, and is still."""
    for block in facts.blocks:
        if block.rule == rule and (block.by_person or policy.asks(rule)):
            return GuardFinding(
                *(rule, block.action, block.dimension, block.bucket),
                *(block.counted, block.threshold, 0, block.until),
                by_person=block.by_person,
            )
    return None


def _passes(rule: Rule, subject: Subject, facts: Facts) -> bool:
    """Tell whether a rule is not for this message."""
    if facts.is_trusted and rule in _PASSED_BY_TRUST:
        return True
    return subject.has_proved and rule in _PASSED_BY_PROOF


def _country(subject: Subject, _facts: Facts, policy: Policy) -> _Findings:
    """F2: the country is not among those of the organization."""
    if policy.home and subject.country not in policy.home:
        yield GuardFinding(
            Rule.COUNTRY, GuardAction.BLOCK, Dimension.COUNTRY, subject.country, 1, 0, 0, until=None
        )


def _number(_subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F3: the number gets too many codes."""
    windows = (
        (facts.number_hour, "number_hour", HOUR, facts.number_hour_since),
        (facts.number_day, "number_day", DAY, facts.number_day_since),
    )
    for counted, name, window, since in windows:
        most = policy.thresholds[name]
        if counted >= most:
            # The digest is nobody's business: the number itself is shown, masked.
            yield GuardFinding(
                *(Rule.NUMBER, GuardAction.BLOCK, Dimension.NUMBER, ""),
                *(counted, most, window, since + window),
            )
            return


def _thousand(subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F4: neighbours get codes and none of them is ever entered."""
    usual = facts.usual.conversion
    if usual is None or not subject.ranges.thousand or facts.thousand_verified:
        return
    # Where numbers are dense, and where few codes are reported as entered, more is no mark.
    mean = facts.hundred_thousand_hour / 100
    most = max(policy.thresholds["thousand_numbers"], round(6 * mean + 4), failures_in_a_row(usual))
    if facts.thousand_numbers >= most:
        yield GuardFinding(
            *(Rule.THOUSAND, GuardAction.HOLD, Dimension.THOUSAND, str(subject.ranges.thousand)),
            *(facts.thousand_numbers, most, HOUR, subject.now + _HELD_SECONDS),
            makes_block=True,
        )


def _sequence(subject: Subject, facts: Facts, _policy: Policy) -> _Findings:
    """F4 without conversions: many neighbours within minutes."""
    if facts.usual.conversion is None and facts.neighbours >= SEQUENCE_NUMBERS:
        hundred = subject.ranges.thousand * 10 + subject.ranges.hundred
        yield GuardFinding(
            *(Rule.SEQUENCE, GuardAction.HOLD, Dimension.HUNDRED, str(hundred)),
            *(facts.neighbours, SEQUENCE_NUMBERS, SEQUENCE_SECONDS, None),
        )


def _is_unusual(found: Conversion, least: int, usual: float | None) -> bool:
    """Tell whether a conversion is certainly less than half of what is usual."""
    if usual is None or found.ripe < least:
        return False
    return highest_share(found.verified, found.ripe) < _SHARE_OF_USUAL * usual


def _ten_thousand(subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F5: too few codes of the block are entered."""
    found, least = facts.ten_thousand, policy.thresholds["ten_codes"]
    if subject.ranges.ten_thousand and _is_unusual(found, least, facts.usual.conversion):
        yield GuardFinding(
            *(Rule.TEN_THOUSAND, GuardAction.HOLD, Dimension.TEN_THOUSAND),
            *(str(subject.ranges.ten_thousand), found.ripe - found.verified, least),
            *(SIX_HOURS, subject.now + _HELD_SECONDS),
            makes_block=True,
        )


def _hundred_thousand(subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F6: the same of a larger block."""
    found, least = facts.hundred_thousand, policy.thresholds["hundred_codes"]
    if subject.ranges.hundred_thousand and _is_unusual(found, least, facts.usual.conversion):
        yield GuardFinding(
            *(Rule.HUNDRED_THOUSAND, GuardAction.HOLD, Dimension.HUNDRED_THOUSAND),
            *(str(subject.ranges.hundred_thousand), found.ripe - found.verified, least),
            *(SIX_HOURS, subject.now + _HELD_SECONDS),
            makes_block=True,
        )


def _country_budget(subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F7: more codes of the country than usual are not entered.

    Never the volume is capped: a day of launch is no attack.
    """
    usual = facts.usual.conversion
    if usual is None:
        return
    # Where less than half is entered in good times, more unverified codes are usual.
    to_each = max(1.0, (1 - usual) / max(usual, 0.01))
    busiest = facts.usual.busiest_verified.get(subject.country, 0)
    expected = max(facts.country.verified, busiest / 2) * to_each
    most = max(policy.thresholds["country_unverified"], int(expected))
    unverified = facts.country.ripe - facts.country.verified
    if unverified > most:
        yield GuardFinding(
            *(Rule.COUNTRY_BUDGET, GuardAction.CHALLENGE, Dimension.COUNTRY, subject.country),
            *(unverified, most, HOUR, None),
        )


def _country_conversion(subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F8: too few codes of the country are entered."""
    least = policy.thresholds["country_codes"]
    if _is_unusual(facts.country, least, facts.usual.conversion):
        unverified = facts.country.ripe - facts.country.verified
        yield GuardFinding(
            *(Rule.COUNTRY_CONVERSION, GuardAction.CHALLENGE, Dimension.COUNTRY, subject.country),
            *(unverified, least, HOUR, None),
        )


def _address(subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F9: one address asks for many people, and nobody enters a code."""
    if subject.address == NOBODY:
        return
    most = policy.thresholds["address_numbers"]
    countries = policy.thresholds["address_countries"]
    bucket, until = str(subject.address), subject.now + _HELD_SECONDS
    address = (Rule.ADDRESS, GuardAction.BLOCK, Dimension.ADDRESS, bucket)
    if facts.address_numbers >= most and not facts.address_verified_hour:
        yield GuardFinding(*address, facts.address_numbers, most, HOUR, until, makes_block=True)
    elif facts.address_countries > countries and not facts.address_verified_day:
        yield GuardFinding(
            *address, facts.address_countries, countries, DAY, until, makes_block=True
        )


def _money(subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F10: a cap of money would be passed."""
    of_each = (
        (Dimension.ORGANIZATION_HOUR, "", facts.organization_spent, policy.organization_caps),
        (Dimension.COUNTRY_HOUR, subject.country, facts.country_spent, policy.country_caps),
        (Dimension.KEY_HOUR, str(subject.key), facts.key_spent, policy.key_caps),
    )
    for dimension, bucket, spent, caps in of_each:
        for window, used, cap in _capped(spent, caps):
            if cap is not None and used + subject.cost_micro > cap:
                until = (subject.now // window + 1) * window
                yield GuardFinding(
                    Rule.MONEY, GuardAction.BLOCK, dimension, bucket, used, cap, window, until
                )
                return


def _capped(spent: Spent, caps: Caps) -> tuple[tuple[int, int, int | None], ...]:
    # The day first: who has used it up need not be told of the hour.
    return (DAY, spent.day, caps.day), (HOUR, spent.hour, caps.hour)


def _new_key(subject: Subject, facts: Facts, policy: Policy) -> _Findings:
    """F11: a key of today spends much, or an hour is far busier than any before."""
    share, times = policy.thresholds["new_key_share"], policy.thresholds["jump_times"]
    until = (subject.now // HOUR + 1) * HOUR
    key = (Rule.NEW_KEY, GuardAction.HOLD, Dimension.KEY_HOUR, str(subject.key))
    if facts.is_new_key:
        for window, used, cap in _capped(facts.key_spent, policy.organization_caps):
            if cap is not None and used + subject.cost_micro > cap * share // 100:
                yield GuardFinding(*key, used, cap * share // 100, window, until)
                return
    most = max(JUMP_LEAST, times * facts.usual.busiest_sent)
    if facts.usual.busiest_sent and facts.organization_hour >= most:
        yield GuardFinding(
            *(Rule.NEW_KEY, GuardAction.HOLD, Dimension.ORGANIZATION_HOUR, ""),
            *(facts.organization_hour, most, HOUR, until),
        )


_RULES: tuple[tuple[Rule, Callable[[Subject, Facts, Policy], _Findings]], ...] = (
    (Rule.COUNTRY, _country),
    (Rule.NUMBER, _number),
    (Rule.THOUSAND, _thousand),
    (Rule.SEQUENCE, _sequence),
    (Rule.TEN_THOUSAND, _ten_thousand),
    (Rule.HUNDRED_THOUSAND, _hundred_thousand),
    (Rule.COUNTRY_BUDGET, _country_budget),
    (Rule.COUNTRY_CONVERSION, _country_conversion),
    (Rule.ADDRESS, _address),
    (Rule.MONEY, _money),
    (Rule.NEW_KEY, _new_key),
)
