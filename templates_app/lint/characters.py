"""Characters no text may hold, and how characters are named.

`regex` knows the newest Unicode; the interpreter knows the one of its own release, in which the
emoji of later years are unassigned.
"""

import unicodedata
from collections.abc import Iterator

import regex

# Controls, formats, private use, surrogates, unassigned; separators of lines. Joiners belong to
# scripts and emoji; a line feed may be written. Signs that stand before Arabic, Syriac and Kaithi
# numbers are formats by name only: they are seen.
_SEEN_FORMATS = r"\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
# Letters and signs by name that have no shape: Hangul fillers, Khmer's inherent vowels, the empty
# Braille pattern.
_SHAPELESS = r"\u115f\u1160\u3164\uffa0\u17b4\u17b5\u2800"
_HIDDEN = regex.compile(
    rf"[[\p{{C}}\p{{Zl}}\p{{Zp}}{_SHAPELESS}]--[\n\r\u200c\u200d{_SEEN_FORMATS}]]", regex.V1
)
_RIGHT_TO_LEFT = regex.compile(r"[[\p{bc=R}\p{bc=AL}\p{bc=AN}]--\p{Cf}]", regex.V1)
# Marks, embeddings and isolates, which Arabic and Hebrew need beside digits and Latin words. An
# override (U+202D, U+202E) shows letters in another order than they are in, so it stays hidden.
_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069")
# Scripts without spaces, in which a zero-width space says where a line may break.
_ZERO_WIDTH_SPACE = "\u200b"
_UNSPACED = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
# A flag of a part of a country: a black flag, its code in tags, and the tag that ends it (UTS #51,
# ED-14a). Any other tag is a letter nobody sees.
_TAG_FLAG = regex.compile(
    "\U0001f3f4[\U000e0061-\U000e007a]{2}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,4}\U000e007f"
)


def invisible(text: str, beside: str = "") -> Iterator[tuple[int, str]]:
    """Yield the place of each control or hidden character, and the character.

    `beside` is text that stands in the same message: with Arabic or Hebrew in either of them,
    marks of direction are no finding, and with Thai or Khmer zero-width spaces.
    """
    if not _HIDDEN.search(text):
        return
    allowed = _DIRECTIONS if is_right_to_left(text) or is_right_to_left(beside) else frozenset()
    if _ZERO_WIDTH_SPACE in text and (_UNSPACED.search(text) or _UNSPACED.search(beside)):
        allowed |= {_ZERO_WIDTH_SPACE}
    flags = {at for flag in _TAG_FLAG.finditer(text) for at in range(*flag.span())}
    for found in _HIDDEN.finditer(text):
        if found[0] not in allowed and found.start() not in flags:
            yield found.start(), found[0]


def is_right_to_left(text: str) -> bool:
    """Tell whether a text holds letters or digits of a script that runs from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def codepoint(characters: str) -> str:
    """Return `U+2019` for a character, `U+0065 U+0301` for a letter and its accent."""
    return " ".join(f"U+{ord(character):04X}" for character in characters)


def name(characters: str) -> str:
    """Return the Unicode names, joined; the code point for a character without one."""
    return ", ".join(unicodedata.name(one, codepoint(one)) for one in characters)
