"""Rows of chosen tables out of what mysqldump or phpMyAdmin wrote, line by line."""

import re
from collections.abc import Callable, Iterable, Iterator

MOST_COLUMNS = 100
_CREATE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?[`\"]?([\w.$-]{1,128})[`\"]?", re.IGNORECASE)
_COLUMN = re.compile(r"\s*[`\"]([\w$-]{1,64})[`\"]\s")
_INSERT = re.compile(
    r"(?:INSERT|REPLACE) (?:IGNORE )?INTO [`\"]?([\w.$-]{1,128})[`\"]?"
    r"\s*(?:\(([^()]*)\))?\s*VALUES\s*",
    re.IGNORECASE,
)
# A string is one alternative after the other without overlap, so that reading it is linear.
_TOKEN = re.compile(
    r"\s*(?:'([^'\\]*(?:(?:\\.|'')[^'\\]*)*)'|(NULL)|(-?[0-9][0-9.eE+-]*|0x[0-9A-Fa-f]*)"
    r"|(_[A-Za-z0-9]{1,20})|([(),;]))",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(.)|''")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "0": "", "Z": ""}

Row = dict[str, str]
Rows = Iterator[tuple[str, int, Row]]


class DumpUnreadable(ValueError):
    """A statement that is cut off or no SQL; `line` says where."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


def rows(lines: Iterable[tuple[int, str]], table_of: Callable[[str], str | None]) -> Rows:
    """Yield (table, line, {column: text}) of those tables for which `table_of` has a name.

    NULL is the empty text. Raise DumpUnreadable.
    """
    reader = _DumpReader(table_of)
    for number, line in lines:
        yield from reader.take(number, line)


class _DumpReader:
    """What is remembered from line to line."""

    def __init__(self, table_of: Callable[[str], str | None]) -> None:
        self._table_of = table_of
        self._columns: dict[str, list[str]] = {}
        self._created: list[str] | None = None
        self._inserts: tuple[str, list[str]] | None = None
        self._skips = False
        self._values: list[str] | None = None

    def take(self, number: int, line: str) -> Rows:
        if self._inserts is not None:
            yield from self._tuples(number, line, 0)
        elif self._skips:
            self._skips = not line.endswith(";")
        elif self._created is not None:
            self._take_column(line)
        elif created := _CREATE.match(line):
            self._created = self._columns.setdefault(created[1], [])
            self._created.clear()
        elif insert := _INSERT.match(line):
            yield from self._begin(number, line, insert)

    def _take_column(self, line: str) -> None:
        if line.startswith(")"):
            self._created = None
        elif (column := _COLUMN.match(line)) and self._created is not None:
            self._created.append(column[1])

    def _begin(self, number: int, line: str, insert: re.Match[str]) -> Rows:
        table = self._table_of(insert[1])
        if table is None:
            self._skips = not line.endswith(";")
            return
        named = [each.strip(' `"') for each in insert[2].split(",")] if insert[2] else []
        columns = named or self._columns.get(insert[1], [])
        if not columns:
            raise DumpUnreadable(
                number, f"the columns of {insert[1]} are not named: dump the table's structure too"
            )
        self._inserts = table, columns[:MOST_COLUMNS]
        yield from self._tuples(number, line, insert.end())

    def _tuples(self, number: int, line: str, at: int) -> Rows:
        assert self._inserts is not None
        table, columns = self._inserts
        end = len(line.rstrip())
        while at < end:
            token = _TOKEN.match(line, at)
            if token is None:
                raise DumpUnreadable(number, "a value is cut off or no SQL")
            at = token.end()
            sign = token[5]
            if sign == ";":
                self._inserts = None
                return
            if sign == "(":
                self._values = []
            elif sign == ")":
                yield table, number, self._row(number, columns)
            elif sign is None and token[4] is None:
                self._add(number, _text(token))

    def _add(self, number: int, text: str) -> None:
        if self._values is None or len(self._values) >= MOST_COLUMNS:
            raise DumpUnreadable(number, "a value stands in no row")
        self._values.append(text)

    def _row(self, number: int, columns: list[str]) -> Row:
        values, self._values = self._values, None
        if values is None or len(values) != len(columns):
            raise DumpUnreadable(number, f"a row has not {len(columns)} values")
        return dict(zip(columns, values, strict=True))


def _text(token: re.Match[str]) -> str:
    if token[1] is None:
        return token[3] or ""
    return _ESCAPE.sub(_unescaped, token[1]) if "\\" in token[1] or "''" in token[1] else token[1]


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is None:
        return "'"
    return _ESCAPED.get(found[1], found[1])
