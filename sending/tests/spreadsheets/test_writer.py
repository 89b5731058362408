"""Exports: read back unchanged by others, and never a formula."""

import io

import openpyxl
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from sending.spreadsheets import writer
from sending.spreadsheets.writer import stream_csv, stream_xlsx

ROWS = [["+85261234567", 1, None], ["=HYPERLINK(1)", 2.5, "<&>\"'"], [" a\nb ", 0, "中文 🎉"]]


def test_xlsx_is_read_back_by_openpyxl_and_calamine():
    data = b"".join(stream_xlsx(["Number", "n", "Text"], ROWS, "Report & more"))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Report & more"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()][1:] == ROWS
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    read = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert read[1] == ["+85261234567", 1.0, ""]
    assert read[2][0] == "=HYPERLINK(1)"


def test_csv_guards_what_would_be_a_formula():
    text = b"".join(stream_csv(["Number"], [[value] for value in ("=1", "+1", "-1", "@", "a", 5)]))
    assert text.decode("utf-8-sig").split() == ["Number", "'=1", "'+1", "'-1", "'@", "a", "5"]


def test_rows_beyond_one_sheet_continue_on_the_next(monkeypatch):
    monkeypatch.setattr(writer, "_SHEET_ROWS", 4)
    data = b"".join(stream_xlsx(["n"], ([n] for n in range(7))))
    book = openpyxl.load_workbook(io.BytesIO(data))
    values = [[row[0].value for row in sheet.iter_rows()] for sheet in book.worksheets]
    assert values == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]]


def test_an_export_without_rows_has_its_headings():
    book = openpyxl.load_workbook(io.BytesIO(b"".join(stream_xlsx(["a", "b"], []))))
    assert [cell.value for cell in book.worksheets[0][1]] == ["a", "b"]


@pytest.mark.parametrize("stream", [stream_csv, stream_xlsx])
def test_pieces_come_while_rows_are_taken(stream):
    taken = []

    def rows():
        for number in range(20_000):
            taken.append(number)
            yield [f"row {number * 7919}"]

    pieces = stream(["n"], rows())
    next(pieces)
    assert len(taken) < 5_000


@settings(deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_any_text_makes_a_workbook_that_opens(cells):
    data = b"".join(stream_xlsx(["a"] * len(cells), [cells]))
    rows = list(openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0].iter_rows())
    assert len(rows) == 2
