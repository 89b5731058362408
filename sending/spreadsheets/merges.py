"""Cells under a merge: they may hold values, but nobody sees them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from sending.spreadsheets.cells import Cell
from sending.spreadsheets.xml_blocks import Unzipped

Row = tuple[int, Sequence[Cell]]
# First and last row from 1, first and last column from 0.
Range = tuple[int, int, int, int]

_START = re.compile(rb"<(?:[\w.-]+:)?mergeCells[\s>]")
_CELL = re.compile(
    rb"mergeCell\s[^<>]*?\bref\s*=\s*[\"']([A-Za-z]{1,3})([0-9]{1,7}):([A-Za-z]{1,3})([0-9]{1,7})"
)
_END = b"mergeCells>"
_NAME = b"mergeCells"
_OVERLAP = 40
# About 200,000 merges; those behind are not looked at.
_MOST_BYTES = 8 << 20


def merged_ranges(unzipped: Unzipped, entry: str) -> list[Range]:
    """Return the merges of an xlsx sheet, which stand behind its rows (ECMA-376, 18.3.1.55)."""
    tail, kept = b"", b""
    for block in unzipped.octets(entry):
        if not kept and _NAME not in block and _NAME not in tail + block[:_OVERLAP]:
            tail = (tail + block[-_OVERLAP:])[-_OVERLAP:]
            continue
        window = (kept or tail) + block
        if not kept and _NAME in window and (found := _START.search(window)):
            kept = window[found.start() :]
        elif kept:
            kept = window
        if kept and (_END in kept[1:] or len(kept) > _MOST_BYTES):
            break
        tail = block[-_OVERLAP:]
    return [
        (int(top), int(bottom), _column(left), _column(right))
        for left, top, right, bottom in _CELL.findall(kept)
    ]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def without_covered(rows: Iterable[Row], ranges: Sequence[Range], columns: int) -> Iterator[Row]:
    """Yield the rows with nothing in the cells that a merge covers; rows ascend.

    Columns from `columns` on are left alone.
    """
    waiting = sorted(ranges, reverse=True)
    # column -> the last row that is covered there
    covered: dict[int, int] = {}
    for number, row in rows:
        corners = set()
        while waiting and waiting[-1][0] <= number:
            top, bottom, left, right = waiting.pop()
            if top == number:
                corners.add(left)
            for column in range(left, min(right + 1, columns)):
                covered[column] = max(bottom, covered.get(column, 0))
        if not covered:
            yield number, row
            continue
        covered = {column: last for column, last in covered.items() if last >= number}
        yield (
            number,
            [
                "" if column in covered and column not in corners else cell
                for column, cell in enumerate(row)
            ],
        )
