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


def rows(tmp_path, content, variables=1):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    table = open_table(path, variables)
    return table.columns.heading_row, [row for _number, row in table.rows if row]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_line_ends_of_every_system(tmp_path, delimiter, end):
    text = end.join(
        delimiter.join(row) for row in (["mobile", "1"], ["85251234567", "Anna"], ["8525", "Bob"])
    )
    assert rows(tmp_path, text.encode()) == (1, [["85251234567", "Anna"], ["8525", "Bob"]])


@pytest.mark.parametrize(
    ("top", "heading_row"),
    [
        ("Customers of March\n", 2),
        ("Kundenliste, Stand 29.11.2026\n\n", 3),
        ("Clients\nExported on 1 May, 10:30, by Ann\n\n\n", 5),
        (";\n" * 60, 61),
        ("\n" * 300, 301),
        ("sep=;\n", 2),
    ],
)
def test_titles_and_blank_rows_above_the_headings(tmp_path, top, heading_row):
    table = f"{top}mobile;1\n85251234567;Anna\n85251234568;Bob\n".encode()
    assert rows(tmp_path, table) == (
        heading_row,
        [["85251234567", "Anna"], ["85251234568", "Bob"]],
    )


@pytest.mark.parametrize(
    ("said", "delimiter"),
    [("sep=;", ";"), ("sep=^", "^"), ('"sep=:"', ":"), ("SEP=~", "~"), ("sep=\t", "\t")],
)
def test_a_file_may_say_its_own_delimiter(tmp_path, said, delimiter):
    table = f"{said}\nmobile{delimiter}1\n85251234567{delimiter}An,na\n".encode()
    assert rows(tmp_path, table) == (2, [["85251234567", "An,na"]])


def test_commas_in_texts_are_no_columns(tmp_path):
    table = b"mobile;1\n85251234567;Chan, Anna\n85251234568;Lee, Bob\n"
    assert rows(tmp_path, table)[1] == [["85251234567", "Chan, Anna"], ["85251234568", "Lee, Bob"]]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('"he said "hi" to me"', 'he said hi" to me"'),
        ('"a"b', "ab"),
        ('"5" pipe', "5 pipe"),
        ('a "b" c', 'a "b" c'),
        ('"two\nlines"', "two\nlines"),
    ],
)
def test_text_behind_a_closing_quotation_mark_belongs_to_the_cell(tmp_path, cell, read):
    table = f"mobile,1\n85251234566,x\n85251234567,{cell}\n85251234568,Bob\n".encode()
    assert rows(tmp_path, table)[1] == [
        ["85251234566", "x"],
        ["85251234567", read],
        ["85251234568", "Bob"],
    ]


@pytest.mark.parametrize(
    "table",
    [
        b'mobile,1\n85251234567,"Anna\n85251234568,Bob\n',
        b'mobile,1\n85251234567,"Anna\n85251234568,"Bob"\n85251234569,Cy\n',
    ],
)
def test_no_row_is_lost_in_a_cell_that_never_ends(tmp_path, table):
    with pytest.raises(FileRefused) as caught:
        rows(tmp_path, table)
    assert (caught.value.code, caught.value.params["row"]) == ("FILE_QUOTES", 2)


@pytest.mark.parametrize("control", ["\0", "\0\0", "\x01", "\x1f"])
def test_a_control_character_is_the_matter_of_its_row(tmp_path, control):
    table = f"mobile,1\n85251234567,An{control}na\n85251234568,Bob\n".encode()
    assert rows(tmp_path, table)[1] == [
        ["85251234567", f"An{control}na"],
        ["85251234568", "Bob"],
    ]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (b"85251234567,85251234568,85251234569\n", 1),
        (b"mobile;85251234567;85251234568;85251234569\n", 1),
        (b"Mobile\n85251234567 85251234568 85251234569\n", 2),
        (b"\n\nMobile\n+85251234567,+85251234568,+85251234569\n", 4),
    ],
)
def test_numbers_side_by_side_are_said(tmp_path, table, row):
    with pytest.raises(FileRefused) as caught:
        rows(tmp_path, table, 0)
    assert caught.value.code == "NUMBERS_IN_ONE_ROW"
    assert (caught.value.params["row"], caught.value.params["count"]) == (row, 3)


def test_a_recipient_with_several_telephones_is_no_row_of_numbers(tmp_path):
    table = b"Mobile,Phone,Fax,Office\n85251234567,85221234567,85221234568,85221234569\n"
    assert rows(tmp_path, table, 0)[0] == 1
