"""The sample workbook people download for a text template."""

import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from sending.spreadsheets.columns import (
    DESCRIPTION_HEADING,
    NUMBER_HEADING,
    VARIABLE_HEADING,
)
from sending.spreadsheets.sample_rows import SAMPLE_NUMBER

_WIDTH = 34


def headings(variables: int) -> list[str]:
    """Return the headings of a template with that many variables."""
    numbered = [VARIABLE_HEADING.format(number=index) for index in range(1, variables + 1)]
    return [DESCRIPTION_HEADING, NUMBER_HEADING, *numbered]


def sample_workbook(
    variables: int,
    sample_values: Sequence[str] = (),
    *,
    number_instruction: str,
    variable_instruction: str,
) -> bytes:
    """Return an xlsx with headings, a Sample row and an Instructions row.

    The instructions are sentences for people; `{number}` in `variable_instruction` becomes the
    number of the variable. All columns are formatted as text, so that no digit is ever rounded.
    """
    given = [*sample_values[:variables], *[""] * (variables - len(sample_values))]
    values = [value or f"{{{number}}}" for number, value in enumerate(given, 1)]
    rows = [
        headings(variables),
        ["Sample", SAMPLE_NUMBER, *values],
        [
            "Instructions",
            number_instruction,
            *(variable_instruction.replace("{number}", str(n + 1)) for n in range(variables)),
        ],
    ]
    book = Workbook()
    sheet: Worksheet = book.worksheets[0]
    sheet.title = "Recipients"
    for index in range(1, variables + 3):
        column = sheet.column_dimensions[get_column_letter(index)]
        column.width = _WIDTH
        column.number_format = "@"
    for number, row in enumerate(rows, 1):
        for index, value in enumerate(row, 1):
            cell = sheet.cell(number, index, value)
            cell.data_type = "s"
            cell.number_format = "@"
            cell.font = Font(bold=number == 1, italic=number > 1)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
