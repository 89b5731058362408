"""What can be wrong with a file, a row or a cell: codes only, sentences live elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

Param = str | int | list[str] | list[int]
Params = Mapping[str, Param]


class FileCode:
    """Why a whole file is refused. Nothing of it was stored."""

    TYPE = "FILE_TYPE"
    EMPTY = "FILE_EMPTY"
    TOO_LARGE = "FILE_TOO_LARGE"
    BROKEN = "FILE_BROKEN"
    ENCRYPTED = "FILE_ENCRYPTED"
    ENCODING = "FILE_ENCODING"
    ENCODING_UNCERTAIN = "ENCODING_UNCERTAIN"
    QUOTES = "FILE_QUOTES"
    DTD = "FILE_DTD"
    UNZIPS_TOO_LARGE = "UNZIPS_TOO_LARGE"
    TOO_COMPLEX = "FILE_TOO_COMPLEX"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    TOO_MANY_FLAWS = "TOO_MANY_FLAWS"
    SHEET_EMPTY = "SHEET_EMPTY"
    SHEET_MISSING = "SHEET_MISSING"
    NO_SHEETS = "NO_SHEETS"
    SHEETS_ALL_HIDDEN = "SHEETS_ALL_HIDDEN"
    NO_ROWS = "NO_ROWS"
    NUMBERS_IN_ONE_ROW = "NUMBERS_IN_ONE_ROW"
    NO_NUMBER_COLUMN = "NO_NUMBER_COLUMN"
    NUMBER_COLUMN_TWICE = "NUMBER_COLUMN_TWICE"
    VARIABLE_COLUMN_MISSING = "VARIABLE_COLUMN_MISSING"
    VARIABLE_COLUMN_TWICE = "VARIABLE_COLUMN_TWICE"
    COUNTRY_CODE_UNCLEAR = "COUNTRY_CODE_UNCLEAR"


class RowCode:
    """Why one row is refused or skipped; codes of numbers and values come from their own rooms."""

    DUPLICATE = "DUPLICATE"
    DUPLICATE_EARLIER = "DUPLICATE_EARLIER"
    IN_FIRST_TASK = "IN_FIRST_TASK"
    DUPLICATE_DIFFERS = "DUPLICATE_DIFFERS"
    SENT_BEFORE = "SENT_BEFORE"
    FORMULA_NO_VALUE = "FORMULA_NO_VALUE"
    CELL_ERROR = "CELL_ERROR"
    VARIABLE_MISSING = "VARIABLE_MISSING"
    SAMPLE_ROW = "SAMPLE_ROW"
    INSTRUCTIONS_ROW = "INSTRUCTIONS_ROW"
    MESSAGE_TOO_LONG = "MESSAGE_TOO_LONG"
    NO_PRICE = "NO_PRICE"
    NO_ROUTE = "NO_ROUTE"
    SUPPRESSED = "SUPPRESSED"
    COUNTRY_NOT_ALLOWED = "COUNTRY_NOT_ALLOWED"
    FIELD_TOO_LONG = "FIELD_TOO_LONG"
    LANGUAGE_UNKNOWN = "LANGUAGE_UNKNOWN"
    NOT_A_CUSTOMER = "NOT_A_CUSTOMER"


DUPLICATES = frozenset(
    {
        RowCode.DUPLICATE,
        RowCode.DUPLICATE_EARLIER,
        RowCode.DUPLICATE_DIFFERS,
        RowCode.IN_FIRST_TASK,
    }
)


class NoteCode:
    """What was read in another way than a person may expect; nothing is refused."""

    COLUMNS_IGNORED = "COLUMNS_IGNORED"
    SHEETS_NOT_READ = "SHEETS_NOT_READ"
    SHEET_CHOSEN = "SHEET_CHOSEN"
    SHEETS_HIDDEN = "SHEETS_HIDDEN"
    ROWS_HIDDEN = "ROWS_HIDDEN"
    COLUMNS_HIDDEN = "COLUMNS_HIDDEN"
    CELLS_MERGED = "CELLS_MERGED"
    FORMATS_INEXACT = "FORMATS_INEXACT"
    ENCODING_GUESSED = "ENCODING_GUESSED"
    NO_HEADINGS = "NO_HEADINGS"


@dataclass(frozen=True, slots=True)
class Note:
    """Something people should know about how the file was read."""

    code: str
    params: Params = field(default_factory=dict)


class RowRefused(Exception):
    """One row is not sent. `column` counts from 0; None points at the number's cell."""

    def __init__(self, code: str, column: int | None = None, /, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.suggestion = ""
        self.params: dict[str, Param] = params


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One row that is not sent, ready to be stored and shown.

    `cell` is the spreadsheet's own name, such as A17; empty where there is no spreadsheet. `cells`
    are the texts of the whole row. `kind` is REFUSED, DUPLICATE or SKIPPED (never meant to be
    sent).
    """

    kind: str
    row: int
    cell: str
    code: str
    value: str
    params: Params
    suggestion: str
    cells: list[str]

    def values(self) -> tuple[Any, ...]:
        """Return it as it is stored, in the order of its fields."""
        return tuple(getattr(self, column.name) for column in fields(self))


class FileRefused(Exception):
    """The whole file is refused. `code` is a FileCode, `params` fill its sentence."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, Param] = params


def column_name(column: int) -> str:
    """Return the letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, row counted from 1 and column from 0: (17, 0) is A17."""
    return f"{column_name(column)}{row}"
