"""Rows that belong to the sample workbook and are never sent: how they are recognized."""

from collections.abc import Sequence

from sending.spreadsheets.cells import Cell, text_of
from sending.spreadsheets.columns import Columns
from sending.spreadsheets.problems import RowCode

SAMPLE_NUMBER = "8526666xxxx"
_SAMPLE_LABELS = frozenset({"sample", "example", "示例", "示範"})
_INSTRUCTIONS_LABELS = frozenset({"instructions", "instruction", "说明", "說明", "填写说明"})
_SAMPLE_NUMBERS = frozenset({SAMPLE_NUMBER, "9xxxxxxx"})


def skipped_code(columns: Columns, row: Sequence[Cell]) -> str | None:
    """Return SAMPLE_ROW or INSTRUCTIONS_ROW for rows that belong to the sample file."""
    if columns.description is not None and columns.description < len(row):
        label = text_of(row[columns.description]).casefold()
        if label in _SAMPLE_LABELS:
            return RowCode.SAMPLE_ROW
        if label in _INSTRUCTIONS_LABELS:
            return RowCode.INSTRUCTIONS_ROW
    if columns.number < len(row) and text_of(row[columns.number]).lower() in _SAMPLE_NUMBERS:
        return RowCode.SAMPLE_ROW
    return None
