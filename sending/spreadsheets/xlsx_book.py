"""The parts of an xlsx package: its sheets, shared strings and formats."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sending.spreadsheets.opc import Package, Relation
from sending.spreadsheets.xml_blocks import Unzipped, elements

_MAIN_TYPES = re.compile(
    r"(?:spreadsheetml|ms-excel)\.(?:sheet|template|addin)\.?[a-z]*\.main\+xml"
)
_HIDDEN = frozenset({"hidden", "veryhidden"})


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
    package = Package(unzipped)
    types = package.content_types()
    main = _main_part(package, types)
    relations = package.relations(main)
    found = elements(unzipped, main, frozenset({"sheet", "workbookPr"}))
    listed = [element for element in found if element[""] == "sheet"]
    return Book(
        sheets=tuple(_sheets(listed, relations, _worksheets(package, types))),
        strings=_part("sharedStrings", relations, types),
        styles=_part("styles", relations, types),
        since_1904=any(one.get("date1904") in {"1", "true"} for one in found),
    )


def _main_part(package: Package, types: Mapping[str, list[str]]) -> str:
    """Find the workbook: by the relationships of the package, its content type, or its name."""
    for relation in package.relations():
        if relation.kind == "officeDocument":
            return relation.entry
    for kind, entries in types.items():
        if _MAIN_TYPES.search(kind):
            return entries[0]
    named = package.entry("xl/workbook.xml") or next(package.named("workbook.xml"), None)
    if named is None:
        raise KeyError("workbook")
    return named


def _worksheets(package: Package, types: Mapping[str, list[str]]) -> list[str]:
    """Return the worksheets in the order of their names, for packages without relationships."""
    typed = [entry for kind, found in types.items() if "worksheet+xml" in kind for entry in found]
    entries = typed or [entry for entry in package.named(".xml") if "worksheets" in entry.lower()]
    return sorted(entries, key=lambda entry: (len(entry), entry))


def _sheets(
    listed: Sequence[Mapping[str, str]], relations: Sequence[Relation], worksheets: Sequence[str]
) -> list[BookSheet]:
    by_id = {relation.id: relation for relation in relations}
    sheets = []
    for at, element in enumerate(listed):
        relation = by_id.get(_relation_id(element))
        entry = relation.entry if relation and relation.kind == "worksheet" else ""
        if not relations and at < len(worksheets):
            entry = worksheets[at]
        if entry:
            # Some writers put other words here; only these two hide.
            visible = element.get("state", "").lower() not in _HIDDEN
            sheets.append(BookSheet(element.get("name", ""), entry, visible))
    return sheets


def _part(kind: str, relations: Sequence[Relation], types: Mapping[str, list[str]]) -> str | None:
    related = next((one.entry for one in relations if one.kind == kind), None)
    if related is not None:
        return related
    suffix = f"{kind.lower()}+xml"
    return next((entries[0] for name, entries in types.items() if name.endswith(suffix)), None)


def _relation_id(attributes: Mapping[str, str]) -> str:
    """Return r:id, whatever prefix the namespace of relationships has."""
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")
