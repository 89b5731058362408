"""Packages as other programs write them: names, relationships, encodings, merges, sheets."""

import zipfile

import pytest

from sending.spreadsheets.cells import text_of
from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.reader import Reading, open_table
from sending.tests.spreadsheets.books import raw_xlsx, sheet_xml, text_cell

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
ANNA = (
    f'<row r="1">{text_cell("A1", "Mobile")}{text_cell("B1", "Variable 1")}</row>'
    f'<row r="2">{text_cell("A2", "85251234567")}{text_cell("B2", "Anna")}</row>'
)


def values(path, variables=1, reading=None):
    """Return the texts of the rows under the headings."""
    table = open_table(path, variables, reading)
    return [[text_of(cell) for cell in row] for _number, row in table.rows]


def rewritten(path, change):
    """Write the same entries under the names and with the bytes that `change` returns."""
    with zipfile.ZipFile(path) as archive:
        parts = [change(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for part in filter(None, parts):
            archive.writestr(*part)
    return path


def anna(tmp_path):
    return raw_xlsx(tmp_path / "a.xlsx", sheet_xml(ANNA))


CHANGES = {
    "backslashes": lambda name, data: (name.replace("/", "\\"), data),
    "capitals": lambda name, data: (name.upper(), data),
    "sheet in capitals": lambda name, data: (name.replace("sheet1", "SHEET1"), data),
    "leading slash": lambda name, data: ("/" + name, data),
    "workbook at the root": lambda name, data: (
        name.removeprefix("xl/"),
        data.replace(b'Target="xl/', b'Target="').replace(b"/xl/", b"/"),
    ),
    "another folder": lambda name, data: (
        name.replace("xl/", "book/"),
        data.replace(b'Target="xl/', b'Target="/book/').replace(b"/xl/", b"/book/"),
    ),
    "no relationships of the package": lambda name, data: (
        None if name == "_rels/.rels" else (name, data)
    ),
    "no content types": lambda name, data: None if name.startswith("[") else (name, data),
    "no relationships of the workbook": lambda name, data: (
        None if name.startswith("xl/_rels") else (name, data)
    ),
    "UTF-16": lambda name, data: (
        name,
        ('<?xml version="1.0" encoding="UTF-16"?>' + data.decode()).encode("utf-16"),
    ),
    "UTF-16 without a mark": lambda name, data: (name, data.decode().encode("utf-16-be")),
    "UTF-8 with a mark": lambda name, data: (name, b"\xef\xbb\xbf" + data),
    "another encoding": lambda name, data: (
        name,
        b'<?xml version="1.0" encoding="windows-1252"?>' + data,
    ),
    "strict": lambda name, data: (name, data.replace(OFFICE.encode(), STRICT.encode())),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_parts_are_found_however_they_are_named(tmp_path, change):
    assert values(rewritten(anna(tmp_path), change)) == [["85251234567", "Anna"]]


def test_what_an_entry_declares_is_how_it_is_read(tmp_path):
    xml = sheet_xml(ANNA.replace("Anna", "Łukasz")).encode("cp1250")
    path = raw_xlsx(tmp_path / "a.xlsx", b'<?xml version="1.0" encoding="windows-1250"?>' + xml)
    assert values(path) == [["85251234567", "Łukasz"]]


@pytest.mark.parametrize("encoding", ["rot13", "base64", "no-such-thing", "utf-7"])
def test_an_encoding_that_is_none_is_not_used(tmp_path, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    path = raw_xlsx(tmp_path / "a.xlsx", head + sheet_xml(ANNA))
    try:
        assert values(path) == [["85251234567", "Anna"]]
    except FileRefused as refused:
        assert refused.code == "FILE_BROKEN"  # noqa: PT017 - either end is fine


def book(tmp_path, sheets, states=()):
    """Write an xlsx of several sheets: {name: rows of XML}."""
    states = dict(states)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}" {states.get(name, "")}/>'
        for n, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/s{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    parts = {
        f"xl/worksheets/s{n}.xml": sheet_xml(rows) for n, rows in enumerate(sheets.values(), 1)
    }
    return raw_xlsx(
        tmp_path / "a.xlsx",
        sheet_xml(""),
        {"xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>", **parts},
        workbook=f'<workbook xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
    )


@pytest.mark.parametrize("state", ['state="show"', 'state="visible"', 'state=""', ""])
def test_only_two_words_hide_a_sheet(tmp_path, state):
    assert values(book(tmp_path, {"S": ANNA}, {"S": state})) == [["85251234567", "Anna"]]


@pytest.mark.parametrize(
    ("sheets", "states", "code"),
    [({}, {}, "NO_SHEETS"), ({"S": ANNA}, {"S": 'state="veryHidden"'}, "SHEETS_ALL_HIDDEN")],
)
def test_a_book_without_a_sheet_to_read_says_why(tmp_path, sheets, states, code):
    with pytest.raises(FileRefused) as caught:
        open_table(book(tmp_path, sheets, states), 1)
    assert caught.value.code == code


COVER = f'<row r="1">{text_cell("A1", "Exported on 5 March")}</row>'
FORM = f'<row r="1">{text_cell("A1", "Phone")}</row>'


@pytest.mark.parametrize("first", ["", COVER, FORM], ids=["empty", "cover", "heading only"])
def test_the_sheet_with_numbers_is_read_and_named(tmp_path, first):
    path = book(tmp_path, {"Cover": first, "People": ANNA, "More": ANNA})
    table = open_table(path, 1)
    assert table.sheet == "People"
    assert {note.code: note.params for note in table.notes}["SHEET_CHOSEN"] == {
        "sheet": "People",
        "sheets": ["Cover", "More"],
    }


def test_the_first_sheet_stays_the_first_choice(tmp_path):
    table = open_table(book(tmp_path, {"People": ANNA, "More": ANNA}), 1)
    assert table.sheet == "People"
    assert [note.code for note in table.notes] == ["SHEETS_NOT_READ"]


def test_sheets_can_be_chosen_where_nothing_was_found(tmp_path):
    path = book(tmp_path, {"Cover": COVER, "Notes": COVER})
    with pytest.raises(FileRefused) as caught:
        open_table(path, 1)
    assert caught.value.code == "NO_NUMBER_COLUMN"
    assert caught.value.params["sheets"] == ["Cover", "Notes"]
    with pytest.raises(FileRefused) as caught:
        open_table(path, 1, Reading(sheet="Notes"))
    assert caught.value.params["sheet"] == "Notes"


MERGES = [
    ('<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>', ["Anna", ""]),
    ("<mergeCells><mergeCell ref='B2:C3'></mergeCell></mergeCells>", ["Anna", ""]),
    ('<mergeCells><mergeCell ref="B1:B3"/></mergeCells>', ["", ""]),
    ('<mergeCells><mergeCell ref="A9:B9"/></mergeCells>', ["Anna", "Bo"]),
    ("<!-- mergeCells -->", ["Anna", "Bo"]),
]


@pytest.mark.parametrize(("merges", "shown"), MERGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_nothing_is_read_under_a_merge(tmp_path, merges, shown, encoding):
    more = f'<row r="3">{text_cell("A3", "85251234568")}{text_cell("B3", "Bo")}</row>'
    xml = sheet_xml(ANNA + more).replace("</worksheet>", merges + "</worksheet>")
    path = raw_xlsx(tmp_path / "a.xlsx", xml.encode(encoding))
    # The heading may be under a merge, too: the columns are chosen by hand.
    table = open_table(path, 0)
    assert [text_of(row[1]) for number, row in table.rows if number > 1] == shown
