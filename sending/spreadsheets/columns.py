"""Which column holds the number, which the variables: headings matched however they are written."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sending.spreadsheets import heading_words
from sending.spreadsheets.cells import Cell, text_of
from sending.spreadsheets.heading_words import key_of
from sending.spreadsheets.problems import FileCode, FileRefused

NUMBER_HEADING = "Recipient's Mobile Number"
VARIABLE_HEADING = "SMS Content Variable {number}"
DESCRIPTION_HEADING = "Template Description"


# Best first: a sheet with "Mobile" and "Phone" means the mobile number.
_NUMBER_HEADINGS = (
    heading_words.OWN,
    heading_words.MOBILE,
    heading_words.FIRST_PHONE,
    heading_words.PHONE,
    heading_words.NUMBER,
)
_MOBILE_RANK = 1
_HEADING_CHARS = 200
# What people add to a heading, as in: Mobile (with country code).
_REMARK = re.compile(r"[(（\[【][^()（）\[\]【】]{0,60}[)）\]】]")
_VARIABLE = re.compile(
    r"(?:(?:sms)?(?:content|body|text|template)?(?:variable|variables|var|param|parameter|value)"
    r"|(?:短信)?(?:内容|模板)?(?:变量|参数)|(?:簡訊)?(?:內容|範本)?(?:變數|參數)|変数|변수"
    r"|variabel|variavel|переменная)?(\d{1,2})"
)
_BRACED = re.compile(r"\s*\{\s*(\d{1,2})\s*\}\s*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand in a row; columns are counted from 0, `headings` are as people wrote them.

    `heading_row` is 0 when the sheet starts with data.
    """

    number: int
    variables: tuple[int, ...]
    headings: tuple[str, ...]
    heading_row: int
    name: int | None = None
    description: int | None = None
    ignored: tuple[str, ...] = ()
    # Further columns by what they are for.
    further: Mapping[str, int] = field(default_factory=dict)

    def heading(self, column: int) -> str:
        """Return the heading of a column, empty when it has none."""
        return self.headings[column] if column < len(self.headings) else ""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Columns a person mapped by hand, counted from 0."""

    number: int
    variables: tuple[int, ...] = ()
    has_headings: bool = True
    name: int | None = None
    further: Mapping[str, int] = field(default_factory=dict)


def is_heading_row(row: Sequence[Cell]) -> bool:
    """Tell whether a row names a number column."""
    return any(_rank(cell) is not None for cell in row)


def match_columns(
    row: Sequence[Cell],
    heading_row: int,
    variables: int,
    *,
    named: bool = False,
    further: Mapping[str, frozenset[str]] | None = None,
) -> Columns:
    """Find the columns a template with that many variables needs; `named` rows may have a name.

    `further` columns are wanted too, where there are any: keys of headings by what they are for.

    Raises FileRefused: NO_NUMBER_COLUMN, NUMBER_COLUMN_TWICE, VARIABLE_COLUMN_MISSING,
    VARIABLE_COLUMN_TWICE, each with the headings that were found.
    """
    headings = tuple(text_of(cell) for cell in row)
    number = _number_column(headings)
    found = _variable_columns(headings)
    missing = [index for index in range(1, variables + 1) if index not in found]
    if missing:
        raise FileRefused(
            FileCode.VARIABLE_COLUMN_MISSING,
            missing=missing,
            needed=variables,
            found=len(found),
            headings=[heading for heading in headings if heading],
        )
    wanted = tuple(found[index] for index in range(1, variables + 1))
    name = _first(headings, heading_words.NAME, {number, *wanted}) if named else None
    found_further: dict[str, int] = {}
    for purpose, names in (further or {}).items():
        taken = {number, name, *wanted, *found_further.values()}
        at = _first(headings, names, taken)
        if at is not None:
            found_further[purpose] = at
    used: set[int | None] = {number, name, *wanted, *found_further.values()}
    description = _first(headings, heading_words.DESCRIPTION, used)
    ignored = _ignored(headings, used | {description})
    return Columns(number, wanted, headings, heading_row, name, description, ignored, found_further)


def chosen_columns(row: Sequence[Cell], row_number: int, choice: ColumnChoice) -> Columns:
    """Return the columns a person chose by hand; `row` is the first row that is not empty."""
    headings = tuple(text_of(cell) for cell in row) if choice.has_headings else ()
    chosen = {choice.number, *choice.variables, *choice.further.values()}
    description = _first(headings, heading_words.DESCRIPTION, chosen)
    used = {*chosen, description, choice.name}
    return Columns(
        choice.number,
        choice.variables,
        headings,
        row_number if choice.has_headings else 0,
        name=choice.name,
        description=description,
        ignored=_ignored(headings, used),
        further=choice.further,
    )


def bare_numbers(variables: int = 0) -> Columns:
    """Return the columns of numbers without any heading, each with its values after it."""
    after = tuple(range(1, variables + 1))
    return Columns(number=0, variables=after, headings=(), heading_row=0)


def _rank(cell: Cell) -> int | None:
    if not isinstance(cell, str):
        return None
    for key in (key_of(cell), key_of(_REMARK.sub("", cell[:_HEADING_CHARS]))):
        for rank, names in enumerate(_NUMBER_HEADINGS):
            # Contact books count them: "Mobile 1".
            if key in names or (rank == _MOBILE_RANK and key[-1:] == "1" and key[:-1] in names):
                return rank
    return None


def _number_column(headings: Sequence[str]) -> int:
    ranked = [
        (rank, index) for index, text in enumerate(headings) if (rank := _rank(text)) is not None
    ]
    if not ranked:
        raise FileRefused(
            FileCode.NO_NUMBER_COLUMN, headings=[heading for heading in headings if heading]
        )
    best = min(ranked)[0]
    same = [index for rank, index in ranked if rank == best]
    if len(same) > 1:
        raise FileRefused(
            FileCode.NUMBER_COLUMN_TWICE, headings=[headings[index] for index in same]
        )
    return same[0]


def _variable_columns(headings: Sequence[str]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for index, heading in enumerate(headings):
        match = _BRACED.fullmatch(heading) or _VARIABLE.fullmatch(key_of(heading))
        if match is None or match[1].startswith("0"):
            continue
        number = int(match[1])
        if number in found:
            raise FileRefused(
                FileCode.VARIABLE_COLUMN_TWICE,
                number=number,
                headings=[headings[found[number]], heading],
            )
        found[number] = index
    return found


def _first(
    headings: Sequence[str], names: frozenset[str], taken: Collection[int | None]
) -> int | None:
    for index, heading in enumerate(headings):
        if index not in taken and key_of(heading) in names:
            return index
    return None


def _ignored(headings: Sequence[str], used: set[int | None]) -> tuple[str, ...]:
    return tuple(heading for index, heading in enumerate(headings) if heading and index not in used)
