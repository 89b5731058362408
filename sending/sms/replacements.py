"""Replacements: GSM characters for typographic ones, where that alone makes a text GSM 7-bit.

They change what somebody wrote, so they are offered and shown, never applied unasked; reviewed
wording is never altered. Letters are left alone: another letter is another word.
"""

import re
from collections.abc import Mapping

from sending.sms import alphabet

REPLACEMENTS: Mapping[str, str] = {
    **dict.fromkeys("‘’‚‛′ʼ´`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‹", "<"),
    **dict.fromkeys("›", ">"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
    "•": "*",
    "·": ".",
    "×": "x",
    "⁄": "/",
    **dict.fromkeys(
        "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
        "\u3000",
        " ",
    ),
    **dict.fromkeys("\u2028\u2029", "\n"),
    # Soft hyphen, zero-width space and byte order mark; joiners are part of a script or an emoji.
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
}
_TABLE = str.maketrans(dict(REPLACEMENTS))
_ANY = re.compile(f"[{re.escape(''.join(REPLACEMENTS))}]")


def applies_to(text: str) -> bool:
    """Tell whether a text has a character with a replacement."""
    return _ANY.search(text) is not None


def suggest(text: str) -> dict[str, str]:
    """Return what to write for each character that forces UCS-2, in order of appearance.

    Empty where there is nothing to gain: the text is GSM 7-bit already, or a character without a
    replacement forces UCS-2 anyway.
    """
    forcing = alphabet.forces_ucs2(text)
    if not all(character in REPLACEMENTS for character in forcing):
        return {}
    return {character: REPLACEMENTS[character] for character in forcing}


def apply(text: str) -> str:
    """Return the text with every replacement made."""
    return text.translate(_TABLE)
