"""The shared strings of an xlsx, packed: millions of them cost little more than their bytes."""

import contextlib
import re
from array import array
from collections.abc import Mapping

from sending.spreadsheets.problems import FileCode, FileRefused
from sending.spreadsheets.rich_text import text_of_string
from sending.spreadsheets.xlsx_values import plain, unescaped
from sending.spreadsheets.xml_blocks import Unzipped, Walker, local_name
from sending.spreadsheets.xml_spelling import usual_spelling

_PLAIN_ITEM = re.compile(r'\s*+<si><t(?: xml:space="preserve")?>([^<]*+)</t></si>')
_ITEM = re.compile(r"\s*+<si>([^<]*+(?:<(?!/si>)[A-Za-z/][^<>]*+>[^<]*+)*)</si>")


class SharedStrings:
    """Texts by their number."""

    def __init__(self) -> None:
        self._octets = bytearray()
        self._ends = array("I", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        ends = self._ends
        return self._octets[ends[number] : ends[number + 1]].decode()

    def append(self, text: str) -> None:
        """Add the next text."""
        self._octets += text.encode("utf-8", "replace")
        self._ends.append(len(self._octets))


def read_strings(unzipped: Unzipped, entry: str | None) -> SharedStrings:
    """Read the shared strings (ECMA-376 part 1, 18.4); phonetic runs are left out.

    Raises FileRefused FILE_TOO_COMPLEX, and BROKEN errors.
    """
    strings = SharedStrings()
    if entry is not None:
        _Reader(strings, unzipped.limits.strings).read(unzipped, entry)
    return strings


class _Reader:
    """Takes items by an expression where they look as most do, and leaves all others to expat."""

    def __init__(self, strings: SharedStrings, limit: int) -> None:
        self._strings = strings
        self._limit = limit
        self._walker = Walker(self._start, self._end, self._text, step_tag="si")
        self._value = ""
        self._in_text = self._in_phonetic = False

    def read(self, unzipped: Unzipped, entry: str) -> None:
        with contextlib.closing(unzipped.texts(entry)) as texts:
            for _block in self._walker.walk(usual_spelling(texts), self._take):
                if len(self._strings) > self._limit:
                    raise FileRefused(FileCode.TOO_COMPLEX, limit=self._limit)

    def _take(self, text: str, position: int, end: int) -> int:
        match, append = _PLAIN_ITEM.match, self._strings.append
        while True:
            if found := match(text, position, end):
                value = found[1]
                append(plain(value) if "&" in value or "_x" in value else value)
            elif found := _ITEM.match(text, position, end):
                rich = text_of_string(found[1])
                if rich is None:
                    return position
                append(rich)
            else:
                return position
            position = found.end()

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        match local_name(name):
            case "t":
                self._in_text = not self._in_phonetic
            case "rPh":
                self._in_phonetic = True
            case "si":
                self._value = ""

    def _text(self, data: str) -> None:
        if self._in_text:
            self._value += data

    def _end(self, name: str) -> None:
        match local_name(name):
            case "t":
                self._in_text = False
            case "rPh":
                self._in_phonetic = False
            case "si":
                self._strings.append(unescaped(self._value))
                self._walker.step()
