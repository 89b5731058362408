"""xls, by real files of other programs: formats, names of streams, passwords, far cells."""

from pathlib import Path

import pytest

from sending.spreadsheets.cells import text_of
from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.reader import open_table

CASES = Path(__file__).parent / "cases"


def read(content, tmp_path):
    # Uploads are stored without an extension.
    path = tmp_path / "upload"
    path.write_bytes(content)
    table = open_table(path, 1)
    rows = {number: [text_of(cell) for cell in row][:2] for number, row in table.rows}
    return rows, table


def case(name, tmp_path):
    return read((CASES / name).read_bytes(), tmp_path)


@pytest.mark.parametrize("name", ["WORKBOOK.xls", "far_cell.xls"])
def test_it_is_read(tmp_path, name):
    rows, table = case(name, tmp_path)
    assert table.file_type == "xls"
    assert rows[2] == ["85251234567", "Anna"]


@pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "workbook", "WorkBook"])
def test_streams_are_found_in_any_case(tmp_path, name):
    content = (CASES / "WORKBOOK.xls").read_bytes()
    content = content.replace("WORKBOOK".encode("utf-16-le"), name.encode("utf-16-le"))
    assert read(content, tmp_path)[0][2] == ["85251234567", "Anna"]


def test_numbers_have_no_binary_noise(tmp_path):
    assert case("float.xls", tmp_path)[0][2] == ["85261234567", "0.3"]


def test_hidden_rows_are_said(tmp_path):
    _rows, table = case("hidden.xls", tmp_path)
    assert {note.code: note.params for note in table.notes} == {"ROWS_HIDDEN": {"count": 1}}


@pytest.mark.parametrize(
    ("name", "code"), [("encrypted.xls", "FILE_ENCRYPTED"), ("panic.xls", "FILE_BROKEN")]
)
def test_what_cannot_be_read_says_why(tmp_path, name, code):
    with pytest.raises(FileRefused) as caught:
        case(name, tmp_path)
    assert caught.value.code == code


@pytest.mark.parametrize("keep", [600, 1_600, 3_000, 4_500])
def test_half_a_file_is_broken_or_read_as_far_as_it_goes(tmp_path, keep):
    try:
        rows, _table = read((CASES / "float.xls").read_bytes()[:keep], tmp_path)
    except FileRefused as refused:
        assert refused.code in {"FILE_BROKEN", "FILE_TYPE", "SHEET_EMPTY"}  # noqa: PT017
    else:
        assert rows
