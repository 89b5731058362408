"""An ods, opened: all sheets stand in one part, one behind the other (ODF 1.3 part 3, 9.1)."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from sending.spreadsheets.limits import Limits
from sending.spreadsheets.ods_sheet import OdsSheetReader
from sending.spreadsheets.opc import Package
from sending.spreadsheets.problems import FileCode, FileRefused
from sending.spreadsheets.workbook import Row, Sheet, Workbook
from sending.spreadsheets.xml_blocks import BROKEN, Unzipped

_TABLE = re.compile(r"<(?:[\w.-]+:)?table(?=\s)([^<>]*)>")
_ATTRIBUTE = re.compile(r"([\w.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# Styles of sheets that people do not see (ODF 1.3 part 3, 20.401).
_STYLE = re.compile(r"<(?:[\w.-]+:)?style\s([^<>]*?)/?>|<(?:[\w.-]+:)?table-properties\s([^<>]*)>")
_LONGEST_TAG = 4_096
_MOST_SHEETS = 1_000


@dataclass(frozen=True, slots=True)
class _Place:
    """A sheet of the content part, and the character at which it begins."""

    name: str
    start: int
    visible: bool


def open_ods(path: Path, limits: Limits) -> Workbook:
    """Open an ods; raises FileRefused."""
    try:
        unzipped = Unzipped(zipfile.ZipFile(path), limits)
        content = Package(unzipped).entry("content.xml")
        places = _places(unzipped, content or "content.xml")
    except BROKEN as error:
        raise FileRefused(FileCode.BROKEN) from error
    visible = [place for place in places if place.visible]

    def open_sheet(at: int) -> Sheet:
        reader = OdsSheetReader(limits)
        rows = _rows(reader, unzipped, content or "content.xml", visible[at].start)
        return Sheet(visible[at].name, rows, reader.seen)

    return Workbook(
        tuple(place.name for place in visible),
        tuple(place.name for place in places if not place.visible),
        open_sheet,
    )


def _places(unzipped: Unzipped, entry: str) -> list[_Place]:
    """Find the sheets without reading them: only their start tags are looked for."""
    places: list[_Place] = []
    hidden: set[str] = set()
    style, rest, offset = "", "", 0
    for block in unzipped.texts(entry, counted=False):
        text = rest + block
        end = _end_of_tags(text)
        if not places:
            style = _note_hidden(text[:end], style, hidden)
        for found in _TABLE.finditer(text, 0, end):
            attributes = _attributes(found[1])
            visible = attributes.get("style-name", "") not in hidden
            if name := attributes.get("name", ""):
                places.append(_Place(name, offset + found.start(), visible))
            if len(places) > _MOST_SHEETS:
                raise FileRefused(FileCode.TOO_COMPLEX, limit=_MOST_SHEETS)
        offset += end
        rest = text[end:]
    return places


def _end_of_tags(text: str) -> int:
    """Return where the last tag begins that is not whole, else the end."""
    start = text.rfind("<", max(0, len(text) - _LONGEST_TAG))
    return start if start >= 0 and text.find(">", start) < 0 else len(text)


def _note_hidden(text: str, style: str, hidden: set[str]) -> str:
    for found in _STYLE.finditer(text):
        if found[1] is not None:
            style = _attributes(found[1]).get("name", "")
        elif _attributes(found[2]).get("display") == "false":
            hidden.add(style)
    return style


def _attributes(text: str) -> dict[str, str]:
    """Return the attributes of a tag by their local names."""
    return {
        found[1]: unescape(found[2] if found[2] is not None else found[3])
        for found in _ATTRIBUTE.finditer(text)
    }


def _rows(reader: OdsSheetReader, unzipped: Unzipped, entry: str, start: int) -> Iterator[Row]:
    try:
        yield from reader.rows(_from(unzipped.texts(entry), start))
    except BROKEN as error:
        raise FileRefused(FileCode.BROKEN) from error


def _from(texts: Iterator[str], start: int) -> Iterator[str]:
    for text in texts:
        if start < len(text):
            yield text[start:]
        start = max(0, start - len(text))
