"""Parts of a package by the rules of OPC (ECMA-376 part 2): relationships and content types.

Names compare without case. Some programs write them with backslashes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from urllib.parse import unquote

from sending.spreadsheets.xml_blocks import Unzipped, elements

_CONTENT_TYPES = "[content_types].xml"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: its id, the last word of its type, and the entry of its target."""

    id: str
    kind: str
    entry: str


class Package:
    """The entries of a zip file by their part names."""

    def __init__(self, unzipped: Unzipped) -> None:
        self._unzipped = unzipped
        self._entries: dict[str, str] = {}
        for entry in unzipped.archive.namelist():
            self._entries.setdefault(_key(entry), entry)

    def entry(self, name: str) -> str | None:
        """Return the entry of a part, however its name is spelled."""
        return self._entries.get(_key(name)) or self._entries.get(_key(unquote(name)))

    def named(self, ending: str) -> Iterator[str]:
        """Yield the entries whose names end so."""
        return (entry for key, entry in self._entries.items() if key.endswith(ending))

    def relations(self, part: str = "") -> list[Relation]:
        """Return the relationships of a part, or of the package, that lead to parts."""
        folder = dirname(_key(part))
        source = self.entry(join(folder, "_rels", f"{basename(_key(part))}.rels"))
        if source is None:
            return []
        found = []
        for one in elements(self._unzipped, source, frozenset({"Relationship"})):
            target = one.get("Target", "").replace("\\", "/")
            path = target if target.startswith("/") else normpath(join(folder, target))
            entry = self.entry(path)
            if entry is not None:
                kind = one.get("Type", "").rpartition("/")[2]
                found.append(Relation(one.get("Id", ""), kind, entry))
        return found

    def content_types(self) -> Mapping[str, list[str]]:
        """Return the entries by their content type; only parts that are named one by one."""
        source = self.entry(_CONTENT_TYPES)
        types: dict[str, list[str]] = {}
        if source is None:
            return types
        for one in elements(self._unzipped, source, frozenset({"Override"})):
            entry = self.entry(one.get("PartName", ""))
            if entry is not None:
                types.setdefault(one.get("ContentType", "").lower(), []).append(entry)
        return types


def _key(name: str) -> str:
    return normpath(name.replace("\\", "/").lstrip("/")).lower() if name else ""
