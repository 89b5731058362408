"""Files that are refused as a whole: each with its code, none with a traceback."""

import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.reader import open_table
from sending.tests.spreadsheets.books import (
    HEADING_ROW,
    NUMBER,
    raw_xlsx,
    sheet_xml,
    text_cell,
    xlsx,
)

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504


def code_of(path, **options):
    with pytest.raises(FileRefused) as caught:
        list(open_table(path, 0, **options).rows)
    return caught.value.code


def docx(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return path


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE_EMPTY"),
        (b"\n\n  \n", "FILE_EMPTY"),
        (b"%PDF-1.7 etc", "FILE_TYPE"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "FILE_TYPE"),
        (bytes(range(256)) * 8, "FILE_TYPE"),
        (b"PK\x03\x04 and then nothing", "FILE_BROKEN"),
        (OLE, "FILE_TYPE"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "FILE_ENCRYPTED"),
        (OLE + "Workbook".encode("utf-16-le"), "FILE_TYPE"),
        (OLE + "WorkBook".encode("utf-16-le").ljust(64, b"\0") + b"\x12\0", "FILE_BROKEN"),
        (b"name,colour\nAnn,red\n", "NO_NUMBER_COLUMN"),
        (b"mobile,mobile number\n1,2\n", "NUMBER_COLUMN_TWICE"),
        (b'mobile\n"85261234567\n447400123456\n', "FILE_QUOTES"),
    ],
)
def test_files_that_are_no_recipients(tmp_path, content, code):
    path = tmp_path / "recipients.xlsx"
    path.write_bytes(content)
    assert code_of(path) == code


def test_a_renamed_docx(tmp_path):
    assert code_of(docx(tmp_path / "a.xlsx")) == "FILE_TYPE"


def test_over_the_size_limit(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"mobile\n" + b"85261234567\n" * 3)
    with pytest.raises(FileRefused) as caught:
        open_table(path, 0, limits=Limits(file_bytes=40))
    assert caught.value.code == "FILE_TOO_LARGE"
    assert caught.value.params == {"size": 43, "size_limit": 40}


def test_an_empty_sheet(tmp_path):
    assert code_of(xlsx(tmp_path / "a.xlsx", [])) == "SHEET_EMPTY"


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_workbook(tmp_path, keep):
    path = xlsx(tmp_path / "a.xlsx", [[NUMBER], *([f"8526{n:07}"] for n in range(500))])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert code_of(path) == "FILE_BROKEN"


def test_a_document_type_is_refused_even_across_blocks(tmp_path):
    doctype = '<!DOCTYPE x [<!ENTITY a "b">]>'
    assert code_of(raw_xlsx(tmp_path / "a.xlsx", doctype + sheet_xml(HEADING_ROW))) == "FILE_DTD"
    late = "<!-- late -->" * 100_000 + doctype
    assert code_of(raw_xlsx(tmp_path / "b.xlsx", late + sheet_xml(HEADING_ROW))) == "FILE_DTD"


def test_utf_16_cannot_hide_a_document_type(tmp_path):
    hidden = ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>').encode("utf-16")
    assert code_of(raw_xlsx(tmp_path / "a.xlsx", hidden)) == "FILE_DTD"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(entry_bytes=50_000), "UNZIPS_TOO_LARGE"),
        (Limits(unzipped_bytes=50_000), "UNZIPS_TOO_LARGE"),
        (Limits(cells=100), "FILE_TOO_COMPLEX"),
        (Limits(entries=3), "FILE_TOO_COMPLEX"),
    ],
)
def test_what_really_comes_out_of_the_zip_is_counted(tmp_path, limits, code):
    rows = "".join(f'<row r="{n}">{text_cell(f"A{n}", "1")}</row>' for n in range(2, 2000))
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(HEADING_ROW + rows))
    assert code_of(path, limits=limits) == code


def test_the_stated_size_of_an_entry_is_not_believed(tmp_path):
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(HEADING_ROW + " " * 300_000))
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(content.replace(size.to_bytes(8, "little"), (10).to_bytes(8, "little")))
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), b"\x0a\0\0\0"))
    assert code_of(path, limits=Limits(entry_bytes=100_000)) in {"FILE_BROKEN", "UNZIPS_TOO_LARGE"}


def test_strings_beyond_the_limit(tmp_path):
    strings = "<sst>" + "<si/>" * 500 + "</sst>"
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(HEADING_ROW), {"xl/sharedStrings.xml": strings})
    assert code_of(path, limits=Limits(strings=400)) == "FILE_TOO_COMPLEX"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=200).map(lambda tail: b"mobile\n" + tail),
        st.text(max_size=200).map(lambda text: ("mobile,1\n" + text).encode()),
    )
)
def test_any_bytes_end_in_rows_or_a_code(tmp_path, content):
    path = tmp_path / "fuzzed"
    path.write_bytes(content)
    try:
        rows = list(open_table(path, 0).rows)
    except FileRefused as refused:
        assert refused.code.isupper()  # noqa: PT017 - both ends are fine
    else:
        assert all(number >= 1 for number, _row in rows)
