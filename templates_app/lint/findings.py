"""What lint can find: every rule with its severity, and one finding. Sentences live elsewhere."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """What a finding means for the text, the most serious first."""

    ERROR = "error"  # It cannot be submitted, or this value cannot be sent.
    COST = "cost"  # It may go, and makes messages dearer.
    JUDGE = "judge"  # A reviewer decides.
    NOTE = "note"  # Good to know; nothing is wrong.


OTP = "OTP"
NOTIFICATION = "NOTIFICATION"
MARKETING = "MARKETING"

# Rules of a body, in the order they are shown, with the parameters their sentences can use.
ANY_TYPE_RULES: Mapping[str, Severity] = {
    "TEXT_MISSING": Severity.ERROR,
    "TEXT_TOO_LONG": Severity.ERROR,  # length, limit
    "VARIABLE_FORMAT": Severity.ERROR,  # found
    "VARIABLE_GAP": Severity.ERROR,  # missing
    "VARIABLES_ONLY": Severity.ERROR,
    "VARIABLES_MANY": Severity.JUDGE,  # variables
    "VARIABLE_IN_LINK": Severity.ERROR,  # variable, found, glued ("link" or "number")
    "SYMBOL_FORBIDDEN": Severity.ERROR,  # found
    "INVISIBLE_CHARACTER": Severity.ERROR,  # codepoint, name
    # character, codepoint, name, replacement (None where there is none), characters (how many
    # different ones), segments (with the samples), segments_replaced (None, or without it)
    "FORCES_UCS2": Severity.COST,
    "SCRIPT_UCS2": Severity.NOTE,  # segments
}
TYPE_RULES: Mapping[str, Mapping[str, Severity]] = {
    OTP: {
        "OTP_CODE_WORD": Severity.ERROR,
        "OTP_NO_VARIABLE": Severity.JUDGE,
        "OTP_LINK": Severity.ERROR,  # found
    },
    NOTIFICATION: {
        "LINK_TO_CHECK": Severity.JUDGE,  # found
        "OPTOUT_NO_REPLY": Severity.JUDGE,  # found
    },
    MARKETING: {
        "LINK_TO_CHECK": Severity.JUDGE,  # found
        "OPTOUT_MISSING": Severity.ERROR,
        "OPTOUT_NOT_LAST": Severity.ERROR,  # found, after
        "OPTOUT_NO_REPLY": Severity.JUDGE,  # found
    },
}
VALUE_RULES: Mapping[str, Severity] = {
    "VALUE_CHARACTER": Severity.ERROR,  # variable, codepoint, name
    "VALUE_LINK": Severity.ERROR,  # variable, found
    "VALUE_OTP_CODE": Severity.ERROR,  # variable, digits (at most)
    "VALUE_OTP_LONG": Severity.ERROR,  # variable, length, limit
    "VALUE_TOO_LONG": Severity.ERROR,  # variable, length, limit
}
SIGNATURE_RULES: Mapping[str, Severity] = {
    "SIGNATURE_LENGTH": Severity.ERROR,  # length, minimum, maximum
    "SIGNATURE_GENERIC": Severity.ERROR,
    "SIGNATURE_NO_LETTER": Severity.ERROR,
    "SYMBOL_FORBIDDEN": Severity.ERROR,  # found
    "INVISIBLE_CHARACTER": Severity.ERROR,  # codepoint, name
    "FORCES_UCS2": Severity.COST,  # as above
    "SCRIPT_UCS2": Severity.NOTE,  # as above
}

# Of a wording beside others of its organization (templates_app/equal_texts.py): id, name.
MATCHING_RULES: Mapping[str, Severity] = {
    "SAME_TEXTS": Severity.JUDGE,
    "TEXTS_OF_ANOTHER": Severity.NOTE,
}

# Findings of one rule that are listed; the rest is counted.
LISTED_PER_RULE = 10
MORE_FINDINGS = "MORE_FINDINGS"

RULES: Mapping[str, Severity] = {
    **ANY_TYPE_RULES,
    **{code: severity for rules in TYPE_RULES.values() for code, severity in rules.items()},
    **VALUE_RULES,
    **SIGNATURE_RULES,
    **MATCHING_RULES,
    MORE_FINDINGS: Severity.JUDGE,  # more
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: its rule, and where in the text (characters `start` up to `end`)."""

    code: str
    severity: Severity
    start: int
    end: int
    params: Mapping[str, str | int | None] = field(default_factory=dict)


def finding(code: str, start: int, end: int, **params: str | int | None) -> Finding:
    """Return a finding with the severity of its rule."""
    return Finding(code, RULES[code], start, end, params)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the most serious findings first, each group in the order of the text.

    Of each rule the first LISTED_PER_RULE are listed. MORE_FINDINGS, always last, counts the rest.
    """
    by_severity = list(Severity)
    of_rule: Counter[str] = Counter()
    listed: list[Finding] = []
    for found in sorted(findings, key=lambda one: (by_severity.index(one.severity), one.start)):
        of_rule[found.code] += 1
        if of_rule[found.code] <= LISTED_PER_RULE:
            listed.append(found)
    more = of_rule.total() - len(listed)
    if more:
        listed.append(finding(MORE_FINDINGS, 0, 0, more=more))
    return listed
