"""What the rules are called, and what every decision says: the same words for everybody."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from sending.guard.rules.names import GuardAction, GuardMode, Rule
from sending.models import GuardDecision

Words = Promise | str


class RuleWords(NamedTuple):
    """The name of a rule, what it looks for, and what to do when it stops somebody honest."""

    name: Words
    what: Words
    to_do: Words


_TRUST = lazy("If this is a real person, trust the number or its block under Guard.")
RULES: Mapping[Rule, RuleWords] = {
    Rule.TRUSTED: RuleWords(
        lazy("Trusted"),
        lazy("A code sent to the number was entered in the last 90 days, or a person allowed it."),
        "",
    ),
    Rule.NUMBER_KIND: RuleWords(
        lazy("Kind of number"),
        lazy("Premium-rate, toll-free, satellite and other numbers that are not mobile."),
        lazy("Ask the recipient for a mobile number."),
    ),
    Rule.COUNTRY: RuleWords(
        lazy("Country"),
        lazy("The country is not among the home countries of the organization."),
        lazy("If you have users there, add the country under Guard."),
    ),
    Rule.NUMBER: RuleWords(
        lazy("Codes to one number"),
        lazy("One number gets many codes."),
        lazy("Wait until it ends, or trust the number under Guard."),
    ),
    Rule.THOUSAND: RuleWords(
        lazy("Neighbouring numbers"),
        lazy("Several numbers of a block of 1,000 get codes, and none is entered."),
        _TRUST,
    ),
    Rule.SEQUENCE: RuleWords(
        lazy("Numbers in a row"),
        lazy("Many numbers of a block of 100 get codes within minutes. This is only recorded."),
        lazy("Report which codes are entered, so that the guard can tell attacks from users."),
    ),
    Rule.TEN_THOUSAND: RuleWords(
        lazy("Block of 10,000"),
        lazy("In a block of 10,000 numbers, far fewer codes than usual are entered."),
        _TRUST,
    ),
    Rule.HUNDRED_THOUSAND: RuleWords(
        lazy("Block of 100,000"),
        lazy("In a block of 100,000 numbers, far fewer codes than usual are entered."),
        _TRUST,
    ),
    Rule.COUNTRY_BUDGET: RuleWords(
        lazy("Codes not entered in a country"),
        lazy("More codes than usual are not entered in one country."),
        lazy("Check that your user is a person, for example with a captcha, then ask again."),
    ),
    Rule.COUNTRY_CONVERSION: RuleWords(
        lazy("Conversion of a country"),
        lazy("Far fewer codes than usual are entered in one country: an attack or a broken route."),
        lazy("Look at the delivery receipts of the country. Check that your user is a person."),
    ),
    Rule.ADDRESS: RuleWords(
        lazy("One address, many numbers"),
        lazy("One IP address asks for codes to many numbers or countries, and none is entered."),
        lazy("If many of your users share it, allow the network under Guard."),
    ),
    Rule.MONEY: RuleWords(
        lazy("Cap on money"),
        lazy("The cap for one-time passwords is used up. Nothing goes until somebody has looked."),
        lazy("Have an administrator look under Guard: let codes go again, or raise the cap."),
    ),
    Rule.NEW_KEY: RuleWords(
        lazy("New key or sudden jump"),
        lazy("A key made today spends a lot, or an hour is far busier than any before."),
        lazy("Check that nobody else has the key, then send what is held under Guard."),
    ),
}
ACTIONS: Mapping[GuardAction, Words] = {
    GuardAction.BLOCK: lazy("Refused"),
    GuardAction.HOLD: pgettext_lazy("guard", "Held"),
    GuardAction.CHALLENGE: lazy("Proof asked for"),
}
RECORDED: Words = lazy("Only recorded")
MODES: Mapping[GuardMode, Words] = {
    GuardMode.OFF: lazy("Off"),
    GuardMode.MONITOR: lazy("Only record"),
    GuardMode.ENFORCE: lazy("Enforce"),
}
# What was counted, by rule; the subject is named before it.
_COUNTED: Mapping[Rule, Words] = {
    Rule.COUNTRY: lazy("%(subject)s is not among the home countries."),
    Rule.NUMBER: lazy(
        "%(subject)s got %(counted)s codes in %(window)s; %(threshold)s are allowed."
    ),
    Rule.THOUSAND: lazy(
        "%(counted)s numbers of %(subject)s got codes in %(window)s and none was entered; "
        "%(threshold)s are too many."
    ),
    Rule.SEQUENCE: lazy(
        "%(counted)s numbers of %(subject)s got codes in %(window)s; %(threshold)s are too many."
    ),
    Rule.TEN_THOUSAND: lazy(
        "%(counted)s codes to %(subject)s were not entered in %(window)s: far more than usual."
    ),
    Rule.HUNDRED_THOUSAND: lazy(
        "%(counted)s codes to %(subject)s were not entered in %(window)s: far more than usual."
    ),
    Rule.COUNTRY_BUDGET: lazy(
        "%(counted)s codes to %(subject)s were not entered in %(window)s; up to %(threshold)s are "
        "usual."
    ),
    Rule.COUNTRY_CONVERSION: lazy(
        "%(counted)s codes to %(subject)s were not entered in %(window)s: far more than usual."
    ),
    Rule.ADDRESS: lazy(
        "%(subject)s asked for %(counted)s numbers or countries in %(window)s without success; "
        "%(threshold)s are too many."
    ),
    Rule.MONEY: lazy(
        "One-time passwords cost %(counted)s in %(window)s; the cap is %(threshold)s."
    ),
    Rule.NEW_KEY: lazy("%(counted)s in %(window)s; %(threshold)s are usual for a key or an hour."),
}
_STOPPED: Words = lazy("%(subject)s is stopped for now.")
_HOUR, _MINUTE, _MICRO = 3_600, 60, 1_000_000


def sentence(decision: GuardDecision) -> str:
    """Return what a decision says: the rule, what was counted, and what to do."""
    rule = Rule(decision.rule)
    return f"{RULES[rule].name}: {explained(decision)} {RULES[rule].to_do}".strip()


def line(decision: GuardDecision) -> str:
    """Return one line of a history: what the guard did, and why."""
    did = ACTIONS[GuardAction(decision.action)] if decision.is_enforced else RECORDED
    rule = Rule(decision.rule)
    return f"{_('Guard')} {rule.value}, {did}: {explained(decision)}"


def explained(decision: GuardDecision) -> str:
    """Return what was counted, in words."""
    rule = Rule(decision.rule)
    asks_window = rule is not Rule.COUNTRY
    words = _STOPPED if asks_window and not decision.window_seconds else _COUNTED[rule]
    # Of a key it is money, of a whole organization messages.
    money = rule is Rule.MONEY or (rule is Rule.NEW_KEY and decision.subject != "")
    return str(words) % {
        "subject": decision.subject,
        "counted": _number(decision.counted, is_money=money),
        "threshold": _number(decision.threshold, is_money=money),
        "window": window(decision.window_seconds),
    }


def window(seconds: int) -> str:
    """Return a stretch of time as people say it."""
    if seconds == _HOUR:
        return _("an hour")
    if seconds % _HOUR == 0:
        return _("%(hours)s hours") % {"hours": seconds // _HOUR}
    return _("%(minutes)s minutes") % {"minutes": seconds // _MINUTE}


def _number(value: int, *, is_money: bool) -> str:
    if is_money:
        return number_format(value / _MICRO, decimal_pos=2, force_grouping=True)
    return number_format(value, force_grouping=True)
