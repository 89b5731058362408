"""Rules for the values that replace variables, run on every row: nearly all pass at once."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from templates_app.lint.characters import codepoint, invisible, name
from templates_app.lint.findings import LISTED_PER_RULE, OTP, Finding, finding
from templates_app.lint.links import first_link, may_hold_link

OTP_CODE_DIGITS = 6
OTP_VALUE_LIMIT = 12
# Characters of the longest message there can be: 255 segments of 153 (3GPP TS 23.040, 9.2.3.24.1).
VALUE_LIMIT = 255 * 153

_OTP_CODE = re.compile(r"[0-9]+")


def lint_values(
    sms_type: str, values: Sequence[str], *, beside: str = "", code_digits: int = OTP_CODE_DIGITS
) -> list[Finding]:
    """Return what is wrong with the values of one message; `variable` in params counts from 1.

    No value may hold a link, since links are reviewed, or a control character. In an OTP the first
    value is the code, up to six digits (`code_digits` where the console makes it itself), and the
    others (minutes, a time) are short. An empty value is not judged here: whoever has the row knows
    whether it is missing. `beside` is the text that the values go into. A value that no message can
    hold is one finding: no rule looks at it.
    """
    if sms_type != OTP and not may_be_wrong("".join(values)):
        return []
    findings: list[Finding] = []
    for variable, value in enumerate(values, start=1):
        if len(value) > VALUE_LIMIT:
            params = {"variable": variable, "length": len(value), "limit": VALUE_LIMIT}
            findings.append(finding("VALUE_TOO_LONG", 0, len(value), **params))
            continue
        if sms_type == OTP and value:
            findings += _of_otp(variable, value, code_digits)
        if not value.isalnum():
            findings += _of_any_type(variable, value, beside)
    return findings


def may_be_wrong(together: str) -> bool:
    """Tell whether `lint_values` could find something in values, given all of them as one text.

    Nearly every row is judged by this alone. It says nothing about an OTP, whose values are each
    held to their own rule.
    """
    return not together.isprintable() or may_hold_link(together)


def _of_otp(variable: int, value: str, code_digits: int) -> Iterator[Finding]:
    if variable == 1:
        if len(value) > code_digits or not _OTP_CODE.fullmatch(value):
            params = {"variable": variable, "digits": code_digits}
            yield finding("VALUE_OTP_CODE", 0, len(value), **params)
    elif len(value) > OTP_VALUE_LIMIT:
        params = {"variable": variable, "length": len(value), "limit": OTP_VALUE_LIMIT}
        yield finding("VALUE_OTP_LONG", 0, len(value), **params)


def _of_any_type(variable: int, value: str, beside: str) -> Iterator[Finding]:
    if not value.isprintable():
        for position, character in islice(invisible(value, beside), LISTED_PER_RULE):
            yield finding(
                "VALUE_CHARACTER",
                position,
                position + 1,
                variable=variable,
                codepoint=codepoint(character),
                name=name(character),
            )
    link = first_link(value)
    if link is not None:
        start = value.index(link)
        yield finding("VALUE_LINK", start, start + len(link), variable=variable, found=link)
