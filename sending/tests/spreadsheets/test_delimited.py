"""Text files: encodings and delimiters found, overridden, and refused where they do not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.spreadsheets.delimited import find_dialect, rows_of, unguarded
from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.reader import Reading, open_table
from sending.spreadsheets.writer import guarded

CHINESE = "手机号,变量1\n85261234567,您的订单已经发货请注意查收\n"
TRADITIONAL = "手機號碼,變數1\n85261234567,您的訂單已經出貨請注意查收謝謝\n"
WESTERN = "Téléphone,Variable 1\n33612345678,Événement à l'été, très bientôt\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        (WESTERN, "utf-16-be", "utf-16-be"),
        (CHINESE, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (WESTERN, "cp1252", "cp1252"),
    ],
)
def test_encodings_are_found(tmp_path, text, encoding, found):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    dialect = find_dialect(path, None, None)
    assert dialect.encoding == found
    assert dialect.guessed == (found in {"gb18030", "big5", "cp1252"})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path, delimiter):
    path = tmp_path / "a.csv"
    lines = [["Mobile", "Variable 1"], ["85261234567", '"a,b; c"'], ["447400123456", "d"]]
    path.write_text("\n".join(delimiter.join(line) for line in lines))
    assert find_dialect(path, None, None).delimiter == delimiter
    table = open_table(path, 1)
    assert [row for _number, row in table.rows] == [
        ["85261234567", "a,b; c"],
        ["447400123456", "d"],
    ]


def test_both_can_be_overridden(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("mobile;变量1\n85261234567;中文\n".encode("gb18030"))
    reading = Reading(encoding="gb18030", delimiter=";")
    table = open_table(path, 1, reading)
    assert (table.encoding, table.delimiter) == ("gb18030", ";")
    assert list(table.rows) == [(2, ["85261234567", "中文"])]
    with pytest.raises(FileRefused) as caught:
        open_table(path, 1, Reading(encoding="utf-8"))
    assert caught.value.code == "FILE_ENCODING"


def test_an_empty_line_and_a_cell_of_two_lines_are_one_row_each(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('mobile,1\n\n85261234567,"two\nlines"\n447400123456,x\n')
    rows = dict(rows_of(path, find_dialect(path, None, None)))
    assert rows[2] == []
    assert rows[3] == ["85261234567", "two\nlines"]
    assert rows[4] == ["447400123456", "x"]


@pytest.mark.parametrize("text", ["+85261234567", "=1+1", "@x", "-1", "\t1", "＝1"])
def test_what_our_exports_guard_is_read_back_as_it_was(text):
    assert guarded(text) == "'" + text
    assert unguarded("'" + text) == text


@given(st.text(max_size=20))
def test_guarding_never_changes_what_is_read_back(text):
    once = guarded(text)
    assert unguarded(once) == text or text.startswith(("'", '="'))


def test_numbers_written_as_formulas_to_keep_their_digits(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('mobile\n"=""85261234567"""\n')
    assert list(open_table(path, 0).rows) == [(2, ["85261234567"])]
