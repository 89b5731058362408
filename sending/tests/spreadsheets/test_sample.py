"""The sample file: what it holds, and that its own rows are never sent."""

import pytest

from sending.spreadsheets.reader import open_table
from sending.spreadsheets.sample import headings, sample_workbook
from sending.spreadsheets.sample_rows import skipped_code


@pytest.mark.parametrize("variables", [0, 1, 3])
def test_the_sample_reads_back_and_its_rows_are_skipped(tmp_path, variables):
    path = tmp_path / "sample.xlsx"
    path.write_bytes(
        sample_workbook(
            variables,
            ["1234", "5"],
            number_instruction="=One number a row.",
            variable_instruction="What replaces {number}.",
        )
    )
    table = open_table(path, variables)
    rows = list(table.rows)
    assert [skipped_code(table.columns, row) for _n, row in rows] == [
        "SAMPLE_ROW",
        "INSTRUCTIONS_ROW",
    ]
    assert rows[1][1][1] == "=One number a row."
    assert [rows[1][1][2 + n] for n in range(variables)] == [
        f"What replaces {n + 1}." for n in range(variables)
    ]
    assert not table.cell_errors
    assert headings(variables)[1] == "Recipient's Mobile Number"


def test_the_sample_number_is_recognized_without_the_first_column(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("mobile\n9xxxxxxx\n85261234567\n")
    table = open_table(path, 0)
    assert [skipped_code(table.columns, row) for _n, row in table.rows] == ["SAMPLE_ROW", None]
