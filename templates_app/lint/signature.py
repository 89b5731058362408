"""Rules for signatures: short, unmistakable, and somebody's."""

import re
from collections.abc import Iterator

from templates_app.lint.characters import codepoint, invisible, name
from templates_app.lint.costs import forces_ucs2
from templates_app.lint.findings import Finding, finding, in_order
from templates_app.lint.words import FORBIDDEN, GENERIC_NAMES

SIGNATURE_MIN = 2
SIGNATURE_MAX = 15

# Beside what no text may hold: braces would be read as variables, a line feed would hide the body.
_FORBIDDEN_IN_NAMES = re.compile(rf"{FORBIDDEN.pattern}|[{{}}<>|\\^~\r\n]")


def lint_signature(text: str) -> list[Finding]:
    """Return what is wrong with a signature, written without its brackets.

    A signature longer than SIGNATURE_MAX is one finding: no other rule looks at it.
    """
    if len(text) > SIGNATURE_MAX:
        return list(_length(text))
    findings = [*_symbols(text), *_owner(text), *forces_ucs2(text, f"[{text}] ")]
    if len(text) < SIGNATURE_MIN:
        findings += _length(text)
    return in_order(findings)


def _length(text: str) -> Iterator[Finding]:
    limits = {"minimum": SIGNATURE_MIN, "maximum": SIGNATURE_MAX}
    yield finding("SIGNATURE_LENGTH", 0, len(text), length=len(text), **limits)


def _symbols(text: str) -> Iterator[Finding]:
    for found in _FORBIDDEN_IN_NAMES.finditer(text):
        yield finding("SYMBOL_FORBIDDEN", found.start(), found.end(), found=found[0])
    for position, character in invisible(text):
        params = {"codepoint": codepoint(character), "name": name(character)}
        yield finding("INVISIBLE_CHARACTER", position, position + 1, **params)


def _owner(text: str) -> Iterator[Finding]:
    letters = [character for character in text.casefold() if character.isalnum()]
    if not letters:
        return
    if not any(map(str.isalpha, letters)):
        yield finding("SIGNATURE_NO_LETTER", 0, len(text))
    elif " ".join(text.casefold().split()) in GENERIC_NAMES or len(set(letters)) == 1:
        yield finding("SIGNATURE_GENERIC", 0, len(text))
