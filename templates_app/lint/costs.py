"""The characters that turn a text into UCS-2, and what they cost."""

from collections.abc import Iterator

from sending.sms import alphabet, replacements, script, segments
from templates_app.lint.characters import codepoint, name
from templates_app.lint.findings import Finding, finding


def forces_ucs2(text: str, message: str) -> Iterator[Finding]:
    """Yield the characters of `text` that force UCS-2; `message` is what would be sent with it.

    A text in a script that needs UCS-2 is one finding for all of it. Where each character has a
    replacement each is a finding, to be replaced one by one; otherwise the first is the only one:
    there is nothing to replace. A letter with its accent apart is one character here.
    """
    if script.needs_ucs2(text):
        yield finding("SCRIPT_UCS2", 0, len(text), segments=segments.count(message)[1])
        return
    forcing = alphabet.forces_ucs2(text)
    replaceable = replacements.suggest(text)
    used = segments.count(message)[1]
    for character in replaceable or forcing[:1]:
        start = text.index(character)
        yield finding(
            "FORCES_UCS2",
            start,
            start + len(character),
            character=character,
            codepoint=codepoint(character),
            name=name(character),
            replacement=replaceable.get(character),
            characters=len(forcing),
            segments=used,
            segments_replaced=(
                segments.count(replacements.apply(message))[1] if replaceable else None
            ),
        )
