"""XML as most programs spell it: no prefix before its elements, and text where there was CDATA.

Whoever reads elements by their local names reads the same, and an expression that knows the usual
spelling takes most of them.
"""

import re
from collections.abc import Iterable, Iterator

from sending.spreadsheets.problems import FileCode, FileRefused
from sending.spreadsheets.xml_blocks import LONGEST_TOKEN

_FIRST_TAG = re.compile(r"<(?:([^\W\d][\w.\-]*):)?[^\W\d]")
_CDATA = "<![CDATA["
# What begins a part in which nothing is markup, and what ends it (XML 1.0, 2.5 to 2.7).
_ENDS = {"<!--": "-->", _CDATA: "]]>", "<?": "?>"}
_BEGIN = re.compile(r"<!--|<!\[CDATA\[|<\?")
_SIMPLE_CDATA = re.compile(r"<!\[CDATA\[([^<>&\]]*+)\]\]>")


def usual_spelling(blocks: Iterable[str]) -> Iterator[str]:
    """Yield the blocks of an XML entry, cut at other places, in the usual spelling.

    The prefix is that of the first element. Raises FileRefused FILE_TOO_COMPLEX for a comment, a
    CDATA section or a tag that is absurdly long.
    """
    rest, prefix, begun = "", "", False
    for block in blocks:
        text = rest + block
        if not begun and (first := _FIRST_TAG.search(text)):
            begun, prefix = True, first[1] or ""
        spelled, rest = _spelled(text, prefix)
        if len(rest) > LONGEST_TOKEN:
            raise FileRefused(FileCode.TOO_COMPLEX, limit=LONGEST_TOKEN)
        yield spelled
    if rest:
        # Nothing ends it any more: expat says what is wrong.
        yield rest


def _spelled(text: str, prefix: str) -> tuple[str, str]:
    """Return a text spelled anew, and its end if that is not whole yet."""
    if "<!" in text and "<?" not in text and "<!--" not in text:
        simple, count = _SIMPLE_CDATA.subn(r"\1", text)
        # One section may hold what looks like the beginning of another.
        if count == text.count(_CDATA):
            text = simple
    pieces: list[str] = []
    at = 0
    if "<!" in text or "<?" in text:
        while begin := _BEGIN.search(text, at):
            pieces.append(_unprefixed(text[at : begin.start()], prefix))
            end = text.find(_ENDS[begin[0]], begin.end())
            if end < 0:
                return "".join(pieces), text[begin.start() :]
            at = end + len(_ENDS[begin[0]])
            is_text = begin[0] == _CDATA
            pieces.append(
                _escaped(text[begin.end() : end]) if is_text else text[begin.start() : at]
            )
    tag = text.rfind("<", at)
    whole = tag if tag >= 0 and text.find(">", tag) < 0 else len(text)
    pieces.append(_unprefixed(text[at:whole], prefix))
    return "".join(pieces), text[whole:]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unprefixed(markup: str, prefix: str) -> str:
    if not prefix:
        return markup
    return markup.replace(f"<{prefix}:", "<").replace(f"</{prefix}:", "</")
