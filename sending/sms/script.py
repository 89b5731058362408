"""Texts in a script that only UCS-2 can carry: there every letter costs, and none is a mistake."""

import regex

from sending.sms import alphabet, replacements

# Latin letters are looked at one by one: most of them are in GSM 7-bit.
_OF_ANOTHER_SCRIPT = regex.compile(r"[\p{L}--\p{Latin}]", regex.V1)
_LETTER = regex.compile(r"\p{L}")
# So many letters are a script, not a stray one.
_SURELY = 4


def needs_ucs2(text: str) -> bool:
    """Tell whether a text is written in such a script, such as Chinese, Arabic or Cyrillic.

    A foreign letter or two in a Latin text is not: whoever put it there wants to know the price.
    """
    if text.isascii():
        return False
    forcing = set(alphabet.forces_ucs2(text)) - set(replacements.suggest(text))
    foreign = sum(letter in forcing for letter in _OF_ANOTHER_SCRIPT.findall(text))
    return foreign >= _SURELY or 0 < len(_LETTER.findall(text)) <= 2 * foreign
