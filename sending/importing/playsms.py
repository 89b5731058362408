"""Reads playSMS: users, phonebooks, groups and the list of numbers that must get nothing."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from sending.importing.bounded_file import Unreadable, lines_of
from sending.importing.foreign import Findings, ForeignContact, ForeignStop, ForeignUser, Place
from sending.importing.mysql_dump import DumpUnreadable, Row, rows

MOST_CONTACTS = 2_000_000
MOST_MEMBERSHIPS = 10_000_000
MOST_OTHERS = 100_000
"""Users, groups."""
_LONGEST_FIELD = 250
# The prefix of tables is its operator's to choose.
_TABLES = {
    "tbluser": "users",
    "featurephonebook": "contacts",
    "featurephonebook_group": "groups",
    "featurephonebook_group_contacts": "memberships",
    "featurestoplist": "stops",
}
_HEADINGS = {"group code": "group_code", "mobile number": "mobile"}
_DELETED = "1"


def table_of(name: str) -> str | None:
    """Return what a table holds, whatever stands before its name; None for others."""
    bare = name.lower().rpartition(".")[2]
    for ending, table in _TABLES.items():
        if bare == ending or bare.endswith(f"_{ending}"):
            return table
    return None


class _Kept:
    """Rows by their ids, as small as they can be, until all files are read."""

    def __init__(self, found: Findings) -> None:
        self._found = found
        self.users: dict[str, tuple[Row, Place]] = {}
        self.groups: dict[str, str] = {}
        # (user's id, number, name, group, file, line) by the id of a contact.
        self.contacts: dict[str, tuple[str, str, str, str, str, int]] = {}
        self.memberships: dict[str, list[str]] = {}
        self.stops: list[tuple[str, str, Place]] = []
        self._members = 0

    def take(self, file: str, table: str, line: int, row: Row) -> None:
        place = Place(file, f"line {line}")
        if table == "users" and self._has_room(len(self.users), MOST_OTHERS, place, "users"):
            self.users[row.get("uid", "")] = row, place
        elif table == "groups" and self._has_room(len(self.groups), MOST_OTHERS, place, "groups"):
            for key in ("id", "code"):
                self.groups[f"{key} {row.get(key, '')}"] = row.get("name", "")
        elif table == "memberships":
            self._member(row, place)
        elif table in {"contacts", "stops"}:
            self._number(file, table, line, row)

    def _has_room(self, count: int, most: int, place: Place, what: str) -> bool:
        if count == most:
            self._found.complain(place, f"there are more than {most} {what}: no more are read")
        return count < most

    def _member(self, row: Row, place: Place) -> None:
        if self._has_room(self._members, MOST_MEMBERSHIPS, place, "members of groups"):
            self._members += 1
            self.memberships.setdefault(row.get("pid", ""), []).append(row.get("gpid", ""))

    def _number(self, file: str, table: str, line: int, row: Row) -> None:
        number, owner = row.get("mobile", "")[:_LONGEST_FIELD], row.get("uid", "")
        place = Place(file, f"line {line}")
        if table == "stops":
            if self._has_room(len(self.stops), MOST_CONTACTS, place, "stopped numbers"):
                self.stops.append((owner, number, place))
        elif self._has_room(len(self.contacts), MOST_CONTACTS, place, "contacts"):
            key = row.get("id") or f"{file} {line}"
            name = row.get("name", "")[:_LONGEST_FIELD]
            self.contacts[key] = (owner, number, name, row.get("group_code", ""), file, line)


def read_playsms(paths: Iterable[Path]) -> Findings:
    """Return what dumps (.sql) and exported tables (.csv) say; raise Unreadable.

    `contacts` of the answer can be gone through once.
    """
    found = Findings()
    kept = _Kept(found)
    for path in paths:
        read = _csv_rows if path.suffix.lower() == ".csv" else _dump_rows
        try:
            for table, line, row in read(path):
                kept.take(path.name, table, line, row)
        except DumpUnreadable as error:
            found.complain(Place(path.name, f"line {error.line}"), f"reading ended here: {error}")
    found.users = list(_users(kept))
    found.stops = list(_stops(kept))
    found.contacts = _contacts(kept)
    return found


def _dump_rows(path: Path) -> Iterator[tuple[str, int, Row]]:
    return rows(lines_of(path), table_of)


def _csv_rows(path: Path) -> Iterator[tuple[str, int, Row]]:
    reader = csv.reader(line for _number, line in lines_of(path))
    try:
        headings = [_heading(cell) for cell in next(reader, [])]
        table = _table_with(set(headings))
        if table is None:
            raise Unreadable(f"{path}: its first line names no columns of playSMS.")
        for cells in reader:
            yield table, reader.line_num, dict(zip(headings, cells, strict=False))
    except csv.Error as error:
        raise DumpUnreadable(reader.line_num, str(error)) from error


def _heading(cell: str) -> str:
    name = cell.strip().lower()
    return _HEADINGS.get(name, name)


def _table_with(columns: set[str]) -> str | None:
    wanted = {
        "users": {"username"},
        "memberships": {"gpid", "pid"},
        "contacts": {"mobile", "name"},
        "stops": {"mobile"},
        "groups": {"code", "name"},
    }
    return next((table for table, needs in wanted.items() if needs <= columns), None)


def _owner(kept: _Kept, uid: str) -> str:
    row = kept.users.get(uid)
    return row[0].get("username", "") if row else ""


def _international(kept: _Kept, uid: str, number: str) -> str:
    """Return a number as playSMS would dial it: its users say what a leading zero stands for."""
    row = kept.users.get(uid)
    instead = row[0].get("replace_zero", "") if row else ""
    is_national = number.startswith("0") and not number.startswith("00")
    return instead + number[1:] if instead and is_national else number


def _users(kept: _Kept) -> Iterator[ForeignUser]:
    for row, place in kept.users.values():
        if row.get("flag_deleted") == _DELETED:
            continue
        yield ForeignUser(
            name=row.get("username", "")[:_LONGEST_FIELD],
            place=place,
            uses_http=row.get("enable_webservices") == "1",
            uses_smpp=False,
            sender=row.get("sender", "")[:_LONGEST_FIELD],
        )


def _stops(kept: _Kept) -> Iterator[ForeignStop]:
    for uid, number, place in kept.stops:
        yield ForeignStop(_international(kept, uid, number), place, _owner(kept, uid))


def _contacts(kept: _Kept) -> Iterator[ForeignContact]:
    for pid, (uid, number, name, code, file, line) in kept.contacts.items():
        ids = kept.memberships.get(pid, [])
        groups = [kept.groups.get(f"id {each}", "") for each in ids]
        if code:
            groups.append(kept.groups.get(f"code {code}") or code)
        yield ForeignContact(
            number=_international(kept, uid, number),
            place=Place(file, f"line {line}"),
            owner=_owner(kept, uid),
            name=name,
            groups=tuple(dict.fromkeys(group for group in groups if group)),
        )
