"""The form in which texts and wordings are compared: blanks differ, letters do not."""

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_BESIDE_LINE_ENDS = re.compile(r" ?\n ?")


def normalise(text: str) -> str:
    """Return a text in NFC, line ends as LF, runs of blanks as one, none at the ends of lines.

    Case, punctuation and width stay: carriers compare them. To normalise twice changes nothing.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "  " not in text and text.isprintable():
        # Nearly every text: no line end, and no blank but single spaces.
        return text.strip()
    text = _BLANKS.sub(" ", _LINE_ENDS.sub("\n", text))
    return _BESIDE_LINE_ENDS.sub("\n", text).strip()
