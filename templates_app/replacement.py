"""Replacing one typographic character in a draft, when its author asks for it."""

from sending.sms import replacements

# A letter and four accents; what is longer is no key of a replacement.
_LONGEST_KEY = 5


def replaced(text: str, codepoints: str) -> str:
    """Return `text` with a character replaced, if it has a replacement.

    `codepoints` are hexadecimal: `2019`, or `0065-0301` for a letter and its accent.
    """
    try:
        characters = "".join(chr(int(one, 16)) for one in codepoints.split("-", _LONGEST_KEY))
    except (ValueError, OverflowError):
        return text
    return text.replace(characters, replacements.of(characters))
