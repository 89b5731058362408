"""Rules for the body of a text template."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from templates_app import wording
from templates_app.lint.characters import codepoint, invisible, name
from templates_app.lint.costs import forces_ucs2
from templates_app.lint.findings import (
    ANY_TYPE_RULES,
    MARKETING,
    OTP,
    TYPE_RULES,
    VALUE_RULES,
    Finding,
    finding,
    in_order,
)
from templates_app.lint.links import links
from templates_app.lint.opt_out import opt_out_pattern, reply_pattern
from templates_app.lint.values import lint_values
from templates_app.lint.words import FORBIDDEN, has_code_word

BODY_LIMIT = 500

# A text of "Hi {1}, {2}" says nothing a reviewer could approve: fewer letters of fixed text to a
# variable than this and someone must look. A wide letter (an ideograph) counts as two.
_LETTERS_TO_A_VARIABLE = 4
# An opt-out is "at the end" when no more than its link or number and a few words follow.
_AFTER_OPT_OUT = 60

_BRACES = re.compile(r"\{[^{}\n]{0,40}\}|｛[^｝\n]{0,40}｝|[{}｛｝]")


def lint(
    body: str,
    sms_type: str,
    samples: Sequence[str] = (),
    *,
    signature: str | None = None,
    accepts_replies: bool | None = None,
    languages: Collection[str] | None = None,
) -> list[Finding]:
    """Return what is wrong with a body, the most serious first.

    A body longer than BODY_LIMIT is one finding: no rule looks at it.
    `sms_type` is OTP, NOTIFICATION or MARKETING. `samples` and `signature` only serve to count
    segments, and samples are held to the rules of values (such a finding's place is in the
    sample). `accepts_replies` says whether handsets can answer the originator, None that nobody
    knows. `languages` limits in which an OTP may say "code".
    """
    if len(body) > BODY_LIMIT:
        params = {"length": len(body), "limit": BODY_LIMIT}
        return [finding("TEXT_TOO_LONG", BODY_LIMIT, len(body), **params)]
    if not body.strip():
        return [finding("TEXT_MISSING", 0, len(body))]
    parsed = wording.parse(body)
    findings = [*_variables(body, parsed), *_in_links(body), *_characters(body)]
    findings += forces_ucs2(body, _example(parsed, samples, signature))
    if sms_type == OTP:
        findings += _otp(body, parsed, languages)
    else:
        findings += _links(body, "LINK_TO_CHECK")
    if sms_type == MARKETING:
        findings += _opt_out(body)
    if sms_type != OTP and accepts_replies is False:
        findings += _no_reply(body)
    findings += lint_values(sms_type, samples[: parsed.variables], beside=body)
    return in_order(findings)


def rules_for(sms_type: str) -> tuple[str, ...]:
    """Return the codes of the rules that `lint` holds a type of text to, values left out."""
    return (*ANY_TYPE_RULES, *TYPE_RULES[sms_type])


def passed(sms_type: str, findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the codes of the rules a body keeps, given what `lint` found in it.

    None, where the body was not looked at.
    """
    broken = {found.code for found in findings} - set(VALUE_RULES)
    if "TEXT_TOO_LONG" in broken:
        return ()
    return tuple(code for code in rules_for(sms_type) if code not in broken)


def _example(parsed: wording.Wording, samples: Sequence[str], signature: str | None) -> str:
    values = wording.with_placeholders(samples, parsed.variables)
    return wording.complete(signature, parsed.render(values))


def _masked(body: str, letter: str) -> str:
    """Return the body with each placeholder replaced by as many letters, so that places stay."""
    return wording.PLACEHOLDER.sub(lambda found: letter * len(found[0]), body)


def _variables(body: str, parsed: wording.Wording) -> Iterator[Finding]:
    for found in _BRACES.finditer(_masked(body, "\0")):
        place = found.span()
        yield finding("VARIABLE_FORMAT", *place, found=body[slice(*place)])
    if not parsed.variables:
        return
    used = {piece for piece in parsed.pieces if isinstance(piece, int)}
    missing = sorted(set(range(1, parsed.variables)) - used)
    if missing:
        beyond = [
            found for found in wording.PLACEHOLDER.finditer(body) if int(found[1]) > missing[0]
        ]
        yield finding("VARIABLE_GAP", *beyond[0].span(), missing=missing[0])
    yield from _fixed_words(body, parsed)


def _fixed_words(body: str, parsed: wording.Wording) -> Iterator[Finding]:
    fixed = "".join(piece for piece in parsed.pieces if isinstance(piece, str))
    letters = sum(
        1 + (unicodedata.east_asian_width(character) in "WF")
        for character in fixed
        if character.isalnum()
    )
    variables = sum(isinstance(piece, int) for piece in parsed.pieces)
    if not letters:
        yield finding("VARIABLES_ONLY", 0, len(body))
    elif letters < _LETTERS_TO_A_VARIABLE * variables:
        yield finding("VARIABLES_MANY", 0, len(body), variables=variables)


def _in_links(body: str) -> Iterator[Finding]:
    """Yield variables in a link or next to a digit: nobody could review where they lead."""
    covered: list[tuple[int, int]] = list(links(_masked(body, "x")))
    for found in wording.PLACEHOLDER.finditer(body):
        start, end = found.span()
        variable = int(found[1])
        link = next((place for place in covered if place[0] <= start and end <= place[1]), None)
        if link is not None:
            text = body[slice(*link)]
            yield finding("VARIABLE_IN_LINK", *link, variable=variable, found=text, glued="link")
        elif body[max(start - 1, 0) : start].isdigit() or body[end : end + 1].isdigit():
            text = found[0]
            yield finding(
                "VARIABLE_IN_LINK", start, end, variable=variable, found=text, glued="number"
            )


def _characters(body: str) -> Iterator[Finding]:
    for found in FORBIDDEN.finditer(body):
        yield finding("SYMBOL_FORBIDDEN", *found.span(), found=found[0])
    for position, character in invisible(body):
        params = {"codepoint": codepoint(character), "name": name(character)}
        yield finding("INVISIBLE_CHARACTER", position, position + 1, **params)


def _otp(
    body: str, parsed: wording.Wording, languages: Collection[str] | None
) -> Iterator[Finding]:
    if not has_code_word(_masked(body, " "), languages):
        yield finding("OTP_CODE_WORD", 0, len(body))
    if not parsed.variables:
        yield finding("OTP_NO_VARIABLE", 0, len(body))
    yield from _links(body, "OTP_LINK")


def _links(body: str, code: str) -> Iterator[Finding]:
    for start, end in links(_masked(body, "x")):
        yield finding(code, start, end, found=body[start:end])


def _opt_out(body: str) -> Iterator[Finding]:
    opt_outs = list(opt_out_pattern().finditer(body))
    if not opt_outs:
        yield finding("OPTOUT_MISSING", len(body), len(body))
        return
    last = opt_outs[-1]
    after = len(body.rstrip()) - last.end()
    if after > _AFTER_OPT_OUT:
        yield finding("OPTOUT_NOT_LAST", *last.span(), found=last[0], after=after)


def asks_for_reply(body: str) -> re.Match[str] | None:
    """Return where a text offers to opt out by a reply, and by nothing else."""
    reply = reply_pattern().search(body)
    return None if reply is None or any(links(body[reply.end() :])) else reply


def _no_reply(body: str) -> Iterator[Finding]:
    if reply := asks_for_reply(body):
        yield finding("OPTOUT_NO_REPLY", *reply.span(), found=reply[0])
