"""Reading spreadsheets: values, row numbers, sheets, what is said about them."""

import zipfile

import pytest
from openpyxl import Workbook

from sending.spreadsheets.cells import Shown, text_of
from sending.spreadsheets.columns import ColumnChoice
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.reader import Reading, open_table
from sending.tests.spreadsheets.books import (
    HEADING_ROW,
    NUMBER,
    VARIABLE_1,
    VARIABLE_2,
    raw_xlsx,
    sheet_xml,
    text_cell,
    xlsx,
)


def formatted(table):
    """Return {row number: texts of the row} of the rows that show something."""
    rows = {number: [text_of(cell) for cell in row] for number, row in table.rows}
    return {number: trimmed(row) for number, row in rows.items() if any(row)}


def trimmed(row):
    """Return a row without empty cells at its end."""
    return trimmed(row[:-1]) if row and not row[-1] else row


def refused(path, variables=0, **options):
    """Return the code and params with which the file is refused."""
    with pytest.raises(FileRefused) as caught:
        list(open_table(path, variables, **options).rows)
    return caught.value.code, caught.value.params


def notes(table):
    """Return {code: params} of what is said about the file."""
    return {note.code: dict(note.params) for note in table.notes}


def test_row_numbers_are_the_spreadsheets_own_after_empty_rows(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [[], [], [NUMBER], ["85261234567"], [], ["447400123456"]])
    table = open_table(path, 0)
    assert table.columns.heading_row == 3
    assert formatted(table) == {4: ["85261234567"], 6: ["447400123456"]}


def test_empty_columns_on_the_left_keep_their_letters(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [[None, None, NUMBER], [None, None, "85261234567"]])
    table = open_table(path, 0)
    assert table.columns.number == 2
    assert formatted(table) == {2: ["", "", "85261234567"]}


@pytest.mark.parametrize("dimension", ["A1", "A1:XFD1048576", "B7:C8"])
def test_a_dimension_that_lies_costs_no_row(tmp_path, dimension):
    rows = "".join(f'<row r="{n}">{text_cell(f"A{n}", f"8526{n:07}")}</row>' for n in range(2, 50))
    xml = sheet_xml(HEADING_ROW + rows, before=f'<dimension ref="{dimension}"/>')
    table = open_table(raw_xlsx(tmp_path / "a.xlsx", xml), 0)
    assert list(formatted(table)) == list(range(2, 50))


def test_rows_without_numbers_of_their_own_are_counted(tmp_path):
    row = '<row><c t="inlineStr"><is><t>85261234567</t></is></c></row>'
    xml = sheet_xml(HEADING_ROW + row)
    table = open_table(raw_xlsx(tmp_path / "a.xlsx", xml), 0)
    assert formatted(table) == {2: ["85261234567"]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (852666612345.0, "852666612345"),
        (5, "5"),
        (0.5, "0.5"),
        (True, "TRUE"),
        (None, ""),
        ("\u00a0 x\u200b", "x"),
        ("\u3164", ""),
        ("\u2800Anna \uffa0", "Anna"),
        ("a\u00a0b", "a\u00a0b"),
        (0.30000000000000004, "0.3"),
        (57.699999999999996, "57.7"),
        (1.23456789012345e16, "12345678901234500"),
        (12345678901234567890.0, "12345678901234600000"),
        (0.0000123, "0.0000123"),
        (1e-12, "1E-12"),
        (2.5e30, "2.5E+30"),
        (-0.0, "0"),
        (Shown(0.25, "25%"), "25%"),
        (Shown(4711, " 004711 "), "004711"),
    ],
)
def test_cells_become_the_text_people_see(value, text):
    assert text_of(value) == text


def test_formulas_give_their_value_or_are_named(tmp_path):
    cells = '<c r="A2"><f>1+1</f><v>85261234567</v></c><c r="B2"><f>A1</f></c>'
    error = '<c r="A3" t="e"><v>#N/A</v></c><c r="B3" t="str"><f>B1</f><v>x</v></c>'
    xml = sheet_xml(f'{HEADING_ROW}<row r="2">{cells}</row><row r="3">{error}</row>')
    table = open_table(raw_xlsx(tmp_path / "a.xlsx", xml), 1)
    assert formatted(table) == {2: ["85261234567"], 3: ["", "x"]}
    assert table.cell_errors.at(2, 0) is None
    assert table.cell_errors.at(2, 1) == ("FORMULA_NO_VALUE", "")
    assert table.cell_errors.at(3, 0) == ("CELL_ERROR", "#N/A")
    assert table.cell_errors.at(3, 1) is None


def test_too_many_cell_errors_refuse_the_file(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="e"><v>#N/A</v></c></row>' for n in range(2, 40))
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(HEADING_ROW + rows))
    assert refused(path, limits=Limits(cell_errors=20)) == ("TOO_MANY_FLAWS", {"limit": 20})


def test_hidden_sheets_rows_and_columns_are_said(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append([NUMBER, "Notes"])
    sheet.append(["85261234567", "x"])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("A5:B5")
    book.create_sheet("Second")["A1"] = NUMBER
    secret = book.create_sheet("Secret")
    secret["A1"] = NUMBER
    secret.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx", 0)
    # Rows that are hidden, and cells that are merged, are known when they were read.
    assert list(formatted(table)) == [2]
    assert notes(table) == {
        "SHEETS_NOT_READ": {"sheet": "Sheet", "sheets": ["Second"]},
        "SHEETS_HIDDEN": {"sheets": ["Secret"]},
        "ROWS_HIDDEN": {"count": 1},
        "COLUMNS_HIDDEN": {"count": 1},
        "CELLS_MERGED": {"count": 1},
        "COLUMNS_IGNORED": {"columns": ["Notes"]},
    }


def test_a_visible_sheet_can_be_chosen_a_hidden_one_cannot(tmp_path):
    book = Workbook()
    book.active["A1"] = "nothing here"
    second = book.create_sheet("Second")
    second.append([NUMBER])
    second.append(["85261234567"])
    book.create_sheet("Secret").sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx", 0, Reading(sheet="Second"))
    assert formatted(table) == {2: ["85261234567"]}
    code, params = refused(tmp_path / "a.xlsx", reading=Reading(sheet="Secret"))
    assert (code, params["sheets"]) == ("SHEET_MISSING", ["Sheet", "Second"])


def test_one_stray_cell_far_away_is_no_obstacle(tmp_path):
    stray = f'<row r="70000">{text_cell("Z70000", "stray")}</row>'
    good = f'<row r="2">{text_cell("A2", "85261234567")}</row>'
    path = raw_xlsx(tmp_path / "a.xlsx", sheet_xml(HEADING_ROW + good + stray))
    rows = formatted(open_table(path, 0))
    assert list(rows) == [2, 70000]


def test_ods_and_its_sheets(tmp_path):
    spreadsheet = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    cells = [NUMBER, "85261234567"]
    rows = "".join(
        '<table:table-row><table:table-cell office:value-type="string">'
        f"<text:p>{cell.replace(chr(39), '&apos;')}</text:p></table:table-cell></table:table-row>"
        for cell in cells
    )
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{spreadsheet}"'
        f' xmlns:text="{text}"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", "<x/>")
        archive.writestr("META-INF/manifest.xml", "<x/>")
    table = open_table(path, 0)
    assert (table.file_type, table.sheet) == ("ods", "S")
    assert formatted(table) == {2: ["85261234567"]}


def test_numbers_alone_need_no_heading_but_say_so(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [["85261234567"], [447400123456]])
    table = open_table(path, 0)
    assert formatted(table) == {1: ["85261234567"], 2: ["447400123456"]}
    assert "NO_HEADINGS" in notes(table)


def test_columns_mapped_by_hand(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [["who", "what"], ["Ann", "85261234567"]])
    code, params = refused(path, 1)
    assert code == "NO_NUMBER_COLUMN"
    assert params["headings"] == ["who", "what"]
    assert params["preview"] == ["who\twhat", "Ann\t85261234567"]
    by_hand = Reading(columns=ColumnChoice(number=1, variables=(0,)))
    table = open_table(path, 1, by_hand)
    assert (table.columns.number, table.columns.variables) == (1, (0,))
    assert formatted(table) == {2: ["Ann", "85261234567"]}
    bare = Reading(columns=ColumnChoice(number=1, variables=(0,), has_headings=False))
    assert list(formatted(open_table(path, 1, bare))) == [1, 2]


def test_two_variables_where_the_template_needs_three(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", [[NUMBER, VARIABLE_1, VARIABLE_2], ["85261234567", 1, 2]])
    code, params = refused(path, 3)
    assert code == "VARIABLE_COLUMN_MISSING"
    assert (params["missing"], params["needed"], params["found"]) == ([3], 3, 2)
