"""Replacements: GSM characters for typographic ones, where that alone makes a text GSM 7-bit.

They change what someone wrote, so they are offered and shown, never applied unasked; reviewed
wording is never altered. Letters are left alone: another letter is another word. The same letter in
another encoding is not: a letter with its accent apart (NFD, as macOS writes names of files) has
the one character of NFC for a replacement, if GSM 7-bit has that. In UCS-2 letters in parts cost as
many segments more (three times as many in Korean), so `apply` joins those, too.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

import regex

from sending.sms import alphabet

REPLACEMENTS: Mapping[str, str] = {
    **dict.fromkeys("‘’‚‛′‵ʹʻʼʽˈ´`❛❜\u1fef", "'"),
    **dict.fromkeys("“”„‟″‶ʺ«»❝❞〝〞", '"'),
    **dict.fromkeys("‹", "<"),
    **dict.fromkeys("›", ">"),
    **dict.fromkeys("‐‑‒–—―−⁃﹘", "-"),
    "…": "...",
    "‥": "..",
    **dict.fromkeys("•‣◦∗", "*"),
    **dict.fromkeys("·∙⋅", "."),
    "×": "x",
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("∼˜", "~"),
    "ˆ": "^",
    "¦": "|",
    "ﬁ": "fi",
    "ﬂ": "fl",
    **dict.fromkeys(
        "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
        "\u3000",
        " ",
    ),
    **dict.fromkeys("\v\u0085\u2028\u2029", "\n"),
    # Soft hyphen, zero-width space and byte order mark; joiners are part of a script or an emoji.
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
    # Signs that are canonically the same as a letter or a mark.
    **{sign: unicodedata.normalize("NFC", sign) for sign in "\u037e\u2126\u212a\u212b"},
}
_TABLE = str.maketrans(dict(REPLACEMENTS))
_ACCENTS = "\u0300-\u036f"
_ANY = re.compile(f"[{re.escape(''.join(REPLACEMENTS))}{_ACCENTS}]")
_ACCENTED = re.compile(f"[A-Za-z][{_ACCENTS}]+")
# Letters as people see them, with their marks (UAX #29).
_LETTERS = regex.compile(r"\X")


def applies_to(text: str) -> bool:
    """Tell whether a text has a character with a replacement."""
    return _ANY.search(text) is not None


def suggest(text: str) -> dict[str, str]:
    """Return what to write for each character that forces UCS-2, in order of appearance.

    A letter and its accents are one key.
    Empty where there is nothing to gain: the text is GSM 7-bit already, or a character without a
    replacement forces UCS-2 anyway.
    """
    accented = [letter for letter in dict.fromkeys(_ACCENTED.findall(text)) if _composed(letter)]
    forcing = alphabet.forces_ucs2(_compose(text) if accented else text)
    if not all(character in REPLACEMENTS for character in forcing):
        return {}
    if not accented:
        return {character: REPLACEMENTS[character] for character in forcing}
    found = {characters: of(characters) for characters in (*accented, *forcing)}
    return dict(sorted(found.items(), key=lambda pair: text.index(pair[0])))


def apply(text: str) -> str:
    """Return the text with every replacement made, and letters in parts joined."""
    return joined(_compose(text)).translate(_TABLE)


def joined(text: str) -> str:
    """Return the text with each letter in as few characters as Unicode has for it (NFC).

    Where that would be more, as in Hindi, the letter stays as it is written.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    return "".join(_shorter(letter) for letter in _LETTERS.findall(text))


def of(characters: str) -> str:
    """Return what to write for a key of `suggest`; what has no replacement stays."""
    return REPLACEMENTS.get(characters, _composed(characters) or characters)


def _shorter(letter: str) -> str:
    composed = unicodedata.normalize("NFC", letter)
    return composed if len(composed) < len(letter) else letter


def _compose(text: str) -> str:
    if not _ACCENTED.search(text):
        return text
    return _ACCENTED.sub(lambda found: _composed(found[0]) or found[0], text)


@lru_cache(maxsize=1024)
def _composed(letter: str) -> str:
    """Return the one GSM character that a letter and its accents are; empty when there is none."""
    composed = unicodedata.normalize("NFC", letter)
    return composed if len(letter) > 1 and composed in alphabet.BASIC else ""
