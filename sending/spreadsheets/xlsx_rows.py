"""What rows of an xlsx look like: one expression for those of most programs, one for nearly all.

Whatever is well-formed and looks otherwise is left to expat: comments, cells that do not ascend. So
a strange file is slower, never read wrongly.
"""

import re
from functools import lru_cache
from typing import Any

from sending.spreadsheets.cells import Cell
from sending.spreadsheets.problems import column_name
from sending.spreadsheets.xlsx_cells import CellValues

# A wider sheet is read by expat alone: trying every column would take longer.
FAST_COLUMNS = 64

_TEXT = r"([^<]*+)"
_FORMULA = r'(?:<f(?: [a-z]+="[^"<]*")*(?:/>|>[^<]*</f>))?'
_PLAIN_ROW = r'\s*+<row r="([0-9]++)"((?: [A-Za-z0-9:]+="[^"<>&]*")*+) ?>'
# style, inline string, number of a shared string, number, type, value of that type
PLAIN_GROUPS = 6
_PLAIN_CELL = (
    r'(?:<c r="{column}\1"(?: s="([0-9]++)")?+(?:'
    r' t="inlineStr"><is><t(?: xml:space="preserve")?>{text}</t></is></c>'
    r'| t="s"><v>([0-9]++)</v></c>'
    r'|(?: t="n")?>(?:{formula}<v>([-+.0-9eE]++)</v>)?</c>'
    r'| t="(str|[bed])">{formula}<v>{text}</v></c>'
    r"| ?/>))?+"
)

# The attributes of elements in any order, blanks between elements, rows and cells without a name.
_ANY_ROW = (
    r'\s*+<row(?=(?:[^<>]*?\sr="([0-9]++)")?)((?:\s++[A-Za-z0-9.:_-]++="[^"<>&]*+")*+)\s*+'
    r"(?:/>|>{cells}\s*+</row>)"
)
# style, type, the start of a formula, value, what stands in an inline string
ANY_GROUPS = 5
_ANY_CELL = (
    r'(?:\s*+<c(?:\s++(?:r="{column}\1"|s="([0-9]++)"|t="([A-Za-z]++)"|(?:cm|vm|ph)="[0-9]*+"))*'
    r"\s*+(?:/>|>\s*+"
    r'(?:(<f)(?:\s++[A-Za-z0-9]++="[^"<>]*+")*+\s*+(?:/>|>[^<]*+</f>)\s*+)?'
    r'(?:<v(?:\s++xml:space="[a-z]++")?>([^<]*+)</v>\s*+)?'
    r"(?:<is>([^<]*+(?:<(?!/is>)[A-Za-z/][^<>]*+>[^<]*+)*)</is>\s*+)?</c>))?+"
)


@lru_cache(maxsize=FAST_COLUMNS)
def plain_row(width: int) -> re.Pattern[str]:
    """Return the expression of a row with cells in the first `width` columns at most.

    Its groups are the row's number and its other attributes, then PLAIN_GROUPS for each column.
    """
    cells = (
        _PLAIN_CELL.format(column=column_name(column), text=_TEXT, formula=_FORMULA)
        for column in range(width)
    )
    return re.compile(_PLAIN_ROW + "".join(cells) + "</row>")


@lru_cache(maxsize=FAST_COLUMNS)
def any_row(width: int) -> re.Pattern[str]:
    """Return the same for rows as other programs spell them; ANY_GROUPS for each column.

    A cell without a name follows the one before.
    """
    cells = "".join(_ANY_CELL.format(column=column_name(column)) for column in range(width))
    return re.compile(_ANY_ROW.format(cells=cells))


def plain_cells(groups: tuple[Any, ...], values: CellValues) -> list[Cell]:
    """Return the cells of a row that `plain_row` has matched."""
    strings = values.strings
    if values.formats.changes_texts:
        return _dressed_cells(groups[2:], values)
    # All cells of a row are often shared strings, and such rows cost half.
    shareds = groups[4::PLAIN_GROUPS]
    if None not in shareds:
        return [strings[int(shared)] for shared in shareds]
    fields, number_at = iter(groups[2:]), values.number
    return [
        inline
        if inline is not None
        else strings[int(shared)]
        if shared is not None
        else number_at(value, style)
        if value is not None
        else ""
        if kind is None
        else (result or "")
        if kind == "str"
        else values.typed(kind, result or "", style)
        for style, inline, shared, value, kind, result in zip(*[fields] * PLAIN_GROUPS, strict=True)
    ]


def _dressed_cells(groups: tuple[Any, ...], values: CellValues) -> list[Cell]:
    fields = iter(groups)
    return [
        values.dressed(inline, style)
        if inline is not None
        else values.typed("s", shared, style)
        if shared is not None
        else values.number(value, style)
        if value is not None
        else ""
        if kind is None
        else values.dressed(result or "", style)
        if kind == "str"
        else values.typed(kind, result or "", style)
        for style, inline, shared, value, kind, result in zip(*[fields] * PLAIN_GROUPS, strict=True)
    ]
