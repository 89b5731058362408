"""The parts of an xlsx package: its sheets, shared strings and formats."""

from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import join, normpath

from sending.spreadsheets.xml_blocks import Unzipped, elements

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One worksheet: its name, its entry in the zip file, and whether people see it."""

    name: str
    entry: str
    visible: bool


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook names; charts and macro sheets are left out."""

    sheets: tuple[BookSheet, ...]
    strings: str | None
    styles: str | None
    since_1904: bool


def read_book(unzipped: Unzipped) -> Book:
    """Read the workbook part and its relationships (ECMA-376 part 1, 12.3.23 and 18.2).

    Raises FileRefused, and BROKEN errors.
    """
    names = set(unzipped.archive.namelist())
    entries: dict[str, str] = {}
    kinds: dict[str, str] = {}
    parts: dict[str, str] = {}
    for relation in elements(unzipped, _RELATIONS, frozenset({"Relationship"})):
        target = _entry_of(relation.get("Target", ""))
        if target in names:
            kind = relation.get("Type", "").rpartition("/")[2]
            entries[relation.get("Id", "")] = target
            kinds[target] = kind
            parts.setdefault(kind, target)
    found = elements(unzipped, _WORKBOOK, frozenset({"sheet", "workbookPr"}))
    sheets = []
    for element in found:
        entry = entries.get(_relation_id(element), "")
        if element[""] == "sheet" and kinds.get(entry) == "worksheet":
            visible = element.get("state", "visible") == "visible"
            sheets.append(BookSheet(element.get("name", ""), entry, visible))
    return Book(
        sheets=tuple(sheets),
        strings=parts.get("sharedStrings"),
        styles=parts.get("styles"),
        since_1904=any(one.get("date1904") in {"1", "true"} for one in found),
    )


def _entry_of(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _relation_id(attributes: Mapping[str, str]) -> str:
    """Return r:id, whatever prefix the namespace of relationships has."""
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")
