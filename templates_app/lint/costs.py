"""The characters that turn a text into UCS-2, and what they cost."""

from collections.abc import Iterator

from sending.sms import alphabet, replacements, segments
from templates_app.lint.characters import codepoint, name
from templates_app.lint.findings import Finding, finding


def forces_ucs2(text: str, message: str) -> Iterator[Finding]:
    """Yield the characters of `text` that force UCS-2; `message` is what would be sent with it.

    Where each has a replacement each is a finding, to be replaced one by one. Text in another
    script is one finding, at its first such character: there is nothing to replace. A letter with
    its accent apart is one character here.
    """
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
