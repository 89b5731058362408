"""ods: the text that a cell shows stands in the file, in many spellings."""

import zipfile

import pytest

from sending.spreadsheets.cells import Shown, text_of
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.reader import open_table

NAMES = "urn:oasis:names:tc:opendocument:xmlns"
OPEN = (
    f'<office:document-content xmlns:office="{NAMES}:office:1.0" xmlns:table="{NAMES}:table:1.0"'
    f' xmlns:text="{NAMES}:text:1.0" xmlns:style="{NAMES}:style:1.0"'
    f' xmlns:draw="{NAMES}:drawing:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def text(value, more=""):
    return (
        f'<table:table-cell office:value-type="string"{more}><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def row(*cells, more=""):
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def sheet(*rows, name="S", more=""):
    return f'<table:table table:name="{name}"{more}>{"".join(rows)}</table:table>'


HEAD = row(text("Mobile"), text("Variable 1"))


def ods(tmp_path, *sheets, styles="", manifest="<x/>", left_out=(), encoding="utf-8"):
    body = f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
    parts = {
        "mimetype": MIMETYPE,
        "content.xml": f"{OPEN}{styles}{body}</office:document-content>".encode(encoding),
        "styles.xml": "<x/>",
        "META-INF/manifest.xml": manifest,
    }
    path = tmp_path / "upload"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            if name not in left_out:
                archive.writestr(name, content)
    return path


def values(path, variables=1, **options):
    table = open_table(path, variables, **options)
    return {number: [text_of(cell) for cell in cells] for number, cells in table.rows}, table


SHOWN = [
    ('office:value-type="percentage" office:value="0.25"', "<text:p>25%</text:p>", "25%"),
    ('office:value-type="float" office:value="4711"', "<text:p>004711</text:p>", "004711"),
    ('office:value-type="float" office:value="0.30000000000000004"', "", "0.3"),
    ('office:value-type="float" office:value="0"', "<text:p/>", ""),
    (
        'office:value-type="currency" office:currency="EUR" office:value="1234.5"',
        "<text:p>1.234,50 \u20ac</text:p>",
        "1.234,50 \u20ac",
    ),
    ('office:value-type="time" office:time-value="PT26H00M00S"', "<text:p>26:00</text:p>", "26:00"),
    (
        'office:value-type="date" office:date-value="2026-03-05"',
        "<text:p>5. M\u00e4rz 2026</text:p>",
        "5. M\u00e4rz 2026",
    ),
    ('office:value-type="date" office:date-value="2026-03-05"', "", "2026-03-05"),
    ('office:value-type="boolean" office:boolean-value="true"', "<text:p>WAHR</text:p>", "WAHR"),
    ('office:value-type="boolean" office:boolean-value="true"', "", "TRUE"),
    ('office:value-type="string"', "<text:p>a</text:p><text:p>b</text:p>", "a\nb"),
    (
        'office:value-type="string"',
        "<text:p>a<text:s text:c='2'/>b<text:tab/>c</text:p>",
        "a  b\tc",
    ),
    ('office:value-type="string"', "<text:p>a<text:line-break/>b</text:p>", "a\nb"),
    (
        'office:value-type="string"',
        "<text:p>A<text:span>n</text:span><text:a>n</text:a>a</text:p>",
        "Anna",
    ),
    (
        'office:value-type="string"',
        "<office:annotation><text:p>a note</text:p></office:annotation><text:p>Anna</text:p>",
        "Anna",
    ),
    ('office:value-type="string"', "\n  <text:p>\n  An\n  na </text:p>\n", "An na"),
    ('office:value-type="string" office:string-value="Anna"', "", "Anna"),
    (
        'office:value-type="string"',
        "<draw:rect><text:p>a box</text:p></draw:rect><text:p>Anna</text:p>",
        "Anna",
    ),
    ('office:value-type="string"', "<text:p>An<draw:line/>na</text:p>", "Anna"),
    ('office:value-type="percentage" office:value="0.25"', "", "25%"),
    ('office:value-type="time" office:time-value="PT26H00M00S"', "", "26:00:00"),
    ('office:value-type="date" office:date-value="2026-03-05T09:30:00"', "", "2026-03-05 09:30:00"),
]


@pytest.mark.parametrize(("attributes", "inner", "shown"), SHOWN)
def test_a_cell_is_what_it_shows(tmp_path, attributes, inner, shown):
    cell = f"<table:table-cell {attributes}>{inner}</table:table-cell>"
    path = ods(tmp_path, sheet(HEAD, "\n ", row(text("85251234567"), "\n ", cell, text("end"))))
    assert values(path)[0] == {2: ["85251234567", shown, "end"]}


def test_the_value_of_a_number_is_kept_beside_its_text(tmp_path):
    number = (
        '<table:table-cell office:value-type="float" office:value="85251234567">'
        "<text:p>8.53E+10</text:p></table:table-cell>"
    )
    table = open_table(ods(tmp_path, sheet(HEAD, row(number, text("Anna")))), 1)
    assert [cells[0] for _number, cells in table.rows] == [Shown(85251234567, "8.53E+10")]


@pytest.mark.parametrize(
    "attributes",
    [
        'table:formula="of:=NA()" office:value-type="string" office:string-value=""',
        'calcext:value-type="error" office:value-type="string"',
        'office:value-type="float" office:value="0" calcext:value-type="error"',
        'office:value-type="float" office:value="0"',
    ],
)
@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "Err:502"])
def test_errors_refuse_the_row(tmp_path, attributes, shown):
    cell = f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"
    rows, table = values(ods(tmp_path, sheet(HEAD, row(text("85251234567"), cell))))
    assert rows == {2: ["85251234567", ""]}
    assert table.cell_errors.at(2, 1) == ("CELL_ERROR", shown)


def test_a_text_that_looks_like_an_error_is_none(tmp_path):
    rows, table = values(ods(tmp_path, sheet(HEAD, row(text("85251234567"), text("#N/A")))))
    assert rows == {2: ["85251234567", "#N/A"]}
    assert not table.cell_errors


def test_repeated_rows_and_cells_keep_their_places(tmp_path):
    gap = row('<table:table-cell table:number-columns-repeated="3"/>')
    gap = gap.replace("<table:table-row", '<table:table-row table:number-rows-repeated="200000"')
    far = row('<table:table-cell table:number-columns-repeated="11950"/>', text("far"))
    twice = row(
        text("85251234567"),
        text("x", ' table:number-columns-repeated="2"'),
        more=' table:number-rows-repeated="2"',
    )
    rows, _table = values(ods(tmp_path, sheet(HEAD, gap, twice, far)))
    assert rows == {200002: ["85251234567", "x", "x"], 200003: ["85251234567", "x", "x"]}


@pytest.mark.parametrize("word", ["collapse", "filter"])
def test_hidden_parts_and_merges_are_said(tmp_path, word):
    column = f'<table:table-column table:visibility="{word}" table:number-columns-repeated="2"/>'
    merged = text("Anna", ' table:number-rows-spanned="2" table:number-columns-spanned="1"')
    covered = text("under").replace("table:table-cell", "table:covered-table-cell")
    path = ods(
        tmp_path,
        sheet(
            column,
            HEAD,
            row(text("85251234567"), merged, more=f' table:visibility="{word}"'),
            row(text("85251234568"), covered),
        ),
    )
    rows, table = values(path)
    assert rows == {2: ["85251234567", "Anna"], 3: ["85251234568"]}
    assert {note.code: note.params.get("count") for note in table.notes} == {
        "ROWS_HIDDEN": 1,
        "COLUMNS_HIDDEN": 2,
        "CELLS_MERGED": 1,
    }


def test_hidden_sheets_are_not_read_and_cover_sheets_are_left(tmp_path):
    styles = (
        '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
        "</office:automatic-styles>"
    )
    anna = row(text("85251234567"), text("Anna"))
    path = ods(
        tmp_path,
        sheet(HEAD, anna, name="Secret", more=' table:style-name="ta2"'),
        sheet(row(text("Cover")), name="Cover"),
        sheet(HEAD, anna, name="A &amp; B"),
        styles=styles,
    )
    rows, table = values(path)
    assert (table.sheet, rows) == ("A & B", {2: ["85251234567", "Anna"]})
    assert {note.code: dict(note.params) for note in table.notes} == {
        "SHEET_CHOSEN": {"sheet": "A & B", "sheets": ["Cover"]},
        "SHEETS_HIDDEN": {"sheets": ["Secret"]},
    }


@pytest.mark.parametrize("left_out", [["mimetype"], ["styles.xml"], ["mimetype", "styles.xml"]])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_parts_that_should_be_there_may_be_missing(tmp_path, left_out, encoding):
    path = ods(
        tmp_path,
        sheet(HEAD, row(text("85251234567"), text("Anna"))),
        left_out=left_out,
        encoding=encoding,
    )
    assert values(path)[0] == {2: ["85251234567", "Anna"]}


def refused(path, **options):
    with pytest.raises(FileRefused) as caught:
        values(path, **options)
    return caught.value.code


def test_a_password_is_named(tmp_path):
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    assert refused(ods(tmp_path, sheet(HEAD), manifest=manifest)) == "FILE_ENCRYPTED"


def test_what_is_broken_or_endless_is_refused(tmp_path):
    assert refused(ods(tmp_path, sheet(HEAD, "<table:table-row>"))) == "FILE_BROKEN"
    assert refused(ods(tmp_path)) == "NO_SHEETS"
    wide = text("x", ' table:number-columns-repeated="200"')
    many = row(text("1"), wide, more=' table:number-rows-repeated="1000000"')
    assert refused(ods(tmp_path, sheet(HEAD, many))) == "FILE_TOO_COMPLEX"
    anna = row(text("8"), text("Anna"))
    path = ods(tmp_path, sheet(HEAD, anna * 50))
    assert refused(path, limits=Limits(cells=60)) == "FILE_TOO_COMPLEX"
