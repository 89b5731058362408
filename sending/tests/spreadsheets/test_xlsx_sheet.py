"""The streaming reader: as exact as two libraries, however the XML of a sheet is spelled."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from sending.spreadsheets import xlsx_sheet, xlsx_strings, xml_blocks
from sending.spreadsheets.cells import Shown, text_of
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.problems import FileRefused
from sending.spreadsheets.xlsx_file import open_xlsx
from sending.tests.spreadsheets.books import raw_xlsx, sheet_xml

OFTEN = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="15"/><xf numFmtId="164"/></cellXfs>'
    "</styleSheet>"
)
SHARED = (
    "<sst><si><t>plain</t></si><si><t>A &amp; B</t></si><!-- a note -->"
    '<si><r><rPr><b/></rPr><t>rich</t></r><r><t xml:space="preserve"> text</t></r>'
    "<rPh sb='0' eb='1'><t>no</t></rPh></si><si><t/></si><si><t>_x0041__x005F_</t></si></sst>"
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="a/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="a/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    '<Relationship Id="rId3" Type="a/styles" Target="styles.xml"/></Relationships>'
)
PARTS = {
    "xl/sharedStrings.xml": SHARED,
    "xl/styles.xml": STYLES,
    "xl/_rels/workbook.xml.rels": RELATIONS,
}


def raw(path, xml, parts=PARTS):
    return raw_xlsx(path / "raw.xlsx", xml, parts)


def read(path, limits=None):
    """Return (rows by number, the opened sheet)."""
    sheet = open_xlsx(path, limits or Limits()).open_sheet(0)
    return {number: list(row) for number, row in sheet.rows}, sheet


def texts(rows):
    """Return the texts of the rows that show something, without empty ends."""
    found = {}
    for number, row in rows:
        shown = [text_of(cell) for cell in row]
        while shown and not shown[-1]:
            shown.pop()
        if shown:
            found[number] = shown
    return found


# What openpyxl writes may hold no control characters; _xHHHH_ it neither writes nor reads.
SHOWN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="_"),
    max_size=12,
).filter(lambda text: not text.startswith(("=", "#")))
VALUES = st.one_of(
    st.none(),
    SHOWN,
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(-1e12, 1e12, allow_nan=False),
)


@OFTEN
@given(rows=st.lists(st.lists(VALUES, max_size=6), max_size=12))
def test_it_reads_what_two_libraries_read(tmp_path, rows):
    path = tmp_path / "made.xlsx"
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    ours = texts(open_xlsx(path, Limits()).open_sheet(0).rows)
    values = load_workbook(path, data_only=True).active.iter_rows(values_only=True)
    assert ours == texts(enumerate(values, 1))
    theirs = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    assert ours == texts(enumerate(theirs.to_python(skip_empty_area=False), 1))


# One cell of row 2 in column A: how it may be spelled, and what it is.
SPELLED = [
    ('<c r="A2" t="inlineStr"><is><t>x</t></is></c>', "x"),
    ("<c r='A2' t='inlineStr'><is><t>x</t></is></c>", "x"),
    ('<c t="inlineStr" r="A2"><is><t>x</t></is></c>', "x"),
    ('<c t="inlineStr"><is><t>x</t></is></c>', "x"),
    ('<c r="A2" t="inlineStr"><is><t><![CDATA[<&x]]></t></is></c>', "<&x"),
    ('<c r="A2" t="inlineStr"><is><t>a<!-- </c></row> -->b</t></is></c>', "ab"),
    (
        '<c r="A2" t="inlineStr"><is><t>&lt;&#x58;&#89;&amp;amp;&quot;&apos;</t></is></c>',
        "<XY&amp;\"'",
    ),
    ('<c r="A2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
    ('<c r="A2" t="inlineStr"><is><t>_x0041_&#95;x0042_</t></is></c>', "AB"),
    ('<c r="A2" t="inlineStr"><is><t>1\r\n2\r3</t></is></c>', "1\n2\n3"),
    ('<c r="A2" t="inlineStr"><is><t></t></is></c>', ""),
    ('<c r="A2" t="s"><v>0</v></c>', "plain"),
    ('<c r="A2" t="s"><v>1</v></c>', "A & B"),
    ('<c r="A2" t="s"><v>2</v></c>', "rich text"),
    ('<c r="A2" t="s"><v>3</v></c>', ""),
    ('<c r="A2" s="1" t="s"><v>4</v></c>', "A_"),
    ('<c r="A2"><v>5</v></c>', 5),
    ('<c r="A2" t="n"><v>5.50</v></c>', 5.5),
    ('<c r="A2"><v> 5 </v></c>', 5),
    ('<c r="A2"><v>1.23E+11</v></c>', 123_000_000_000.0),
    ('<c r="A2"><v>85266661234567890</v></c>', 85_266_661_234_567_890.0),
    ('<c r="A2"><v>five</v></c>', "five"),
    ('<c r="A2" s="1"><v>45000</v></c>', Shown(45000, "15-Mar-23")),
    ('<c r="A2" s="1"><v>0.5</v></c>', Shown(0.5, "0-Jan-00")),
    ('<c r="A2" s="1"><v>59</v></c>', Shown(59, "28-Feb-00")),
    ('<c r="A2" s="1"><v>61</v></c>', Shown(61, "1-Mar-00")),
    ('<c r="A2" s="1"><v>-1</v></c>', Shown(-1.0, "-1")),
    ('<c r="A2" s="1"><v>3000000</v></c>', Shown(3_000_000, "3000000")),
    ('<c r="A2" s="2"><v>1.5</v></c>', Shown(1.5, "36:00")),
    ('<c r="A2" s="99"><v>7</v></c>', 7),
    ('<c r="A2" t="b"><v>1</v></c>', True),
    ('<c r="A2" t="b"><v>0</v></c>', False),
    ('<c r="A2" t="b"><v>TRUE</v></c>', True),
    ('<c r="$A$2"><v>5</v></c>', 5),
    ("<c><v>5</v></c>", 5),
    ('<c t="b" r="A2" s="1"><v>1</v></c>', True),
    ('<c s="1" r="A2">\n  <v>45000</v>\r\n</c>', Shown(45000, "15-Mar-23")),
    ('<c r="A2" t="str" cm="1">\n<f t="array" ref="A2"> B1 </f>\n<v>x</v>\n</c>', "x"),
    ('<c r="A2" t="str"><v>_x005F_x0041_</v></c>', "_x0041_"),
    ('<c r="A2" t="inlineStr">\n<is>\n<t>x &lt; y</t>\n</is>\n</c>', "x < y"),
    (
        (
            '<c r="A2" t="inlineStr"><is><r><rPr><b/><sz val="9"/></rPr><t>a</t></r>'
            '<r><rPr/><t xml:space="preserve"> b</t></r></is></c>'
        ),
        "a b",
    ),
    (
        (
            '<c r="A2" t="inlineStr"><is><t>\u6771</t><rPh sb="0" eb="1"><t>no</t></rPh>'
            '<phoneticPr fontId="1"/></is></c>'
        ),
        "\u6771",
    ),
    ('<c r="A2" t="inlineStr"><is><t>a</t><!-- </is> --><t>b</t></is></c>', "ab"),
    ('<c r="A2"><v>1_000</v></c>', "1_000"),
    ('<c r="A2"><v>NaN</v></c>', "NaN"),
    ('<c r="A2"><v>\u0661</v></c>', 1),
    (
        '<c r="A2" t="d"><v>2026-11-20T09:05:00Z</v></c>',
        Shown(46346 + 545 / 1440, "2026-11-20 09:05"),
    ),
    ('<c r="A2" t="d"><v>some day</v></c>', "some day"),
    ('<c r="A2" t="str"><f>B1&amp;"x"</f><v>A &amp; x</v></c>', "A & x"),
    ('<c r="A2" t="str"><f>""</f><v></v></c>', ""),
    ('<c r="A2"><f t="shared" ref="A2:A3" si="0">1+1</f><v>2</v></c>', 2),
    ('<c r="A2"><f t="shared" si="0"/><v>2</v></c>', 2),
    ('<c r="A2" s="1"/>', ""),
    ('<c r="A2" s="1" />', ""),
    ('<c r="A2"></c>', ""),
    ("", ""),
]
FORMS = st.sampled_from([cell for cell, _value in SPELLED])


@pytest.mark.parametrize(("cell", "value"), SPELLED)
def test_a_cell_is_the_same_however_it_is_spelled(tmp_path, cell, value):
    after = '<c r="C2" t="inlineStr"><is><t>end</t></is></c>'
    head = "".join(f'<c r="{name}1"><v>1</v></c>' for name in "ABC")
    xml = sheet_xml(f'<row r="1">{head}</row><row r="2">{cell}{after}</row>')
    rows, sheet = read(raw(tmp_path, xml))
    assert rows[2] == [value, "", "end"]
    assert type(rows[2][0]) is type(value)
    assert not sheet.seen.cell_errors


@OFTEN
@given(
    rows=st.lists(st.lists(FORMS, min_size=1, max_size=4), min_size=1, max_size=30),
    block=st.integers(300, 900),
    between=st.sampled_from(["", "\n  ", "\r\n\t", "<!-- </row> -->"]),
)
def test_the_fast_way_reads_what_expat_reads(tmp_path, monkeypatch, rows, block, between):
    names = "ABCD"
    body = between.join(
        f'<row r="{number}" spans="1:4">'
        + "".join(cell.replace("A2", f"{names[at]}{number}") for at, cell in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, 3)
    )
    path = raw(tmp_path, sheet_xml(body))
    with monkeypatch.context() as patch:
        patch.setattr(xlsx_sheet, "FAST_COLUMNS", -1)
        by_expat, _sheet = read(path)
    with monkeypatch.context() as patch:
        patch.setattr(xml_blocks, "BLOCK", block)
        by_blocks, _sheet = read(path)
    fast, _sheet = read(path)
    assert texts(fast.items()) == texts(by_expat.items()) == texts(by_blocks.items())


SLOW_ROWS = {
    "blanks": "\n <row r='{n}'>\n <c r='A{n}'>\n <v>{n}</v>\n </c>\n </row>\n".replace("'", '"'),
    "line ends of Windows": '<row r="{n}">\r\n<c r="A{n}"><v>{n}</v></c>\r\n</row>\r\n',
    "type first": '<row r="{n}"><c t="n" s="0" r="A{n}"><v>{n}</v></c></row>',
    "no names": "<row><c><v>{n}</v></c></row>",
    "rich": '<row r="{n}"><c r="A{n}" t="inlineStr"><is><r><t>{n}</t></r></is></c></row>',
    "empty rows between": '<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>',
}


@pytest.mark.parametrize("kind", SLOW_ROWS)
def test_expat_reads_few_rows_however_all_are_spelled(tmp_path, monkeypatch, kind):
    step = 2 if kind.startswith("empty") else 1
    empty = '<row r="{m}" spans="1:1"/>' if step == 2 else ""
    body = "".join(
        (SLOW_ROWS[kind] + empty).replace("{n}", str(n)).replace("{m}", str(n + 1))
        for n in range(1, 500, step)
    )
    seen = []
    end_row = xlsx_sheet.SheetReader._end_row
    monkeypatch.setattr(xlsx_sheet.SheetReader, "_end_row", lambda self: seen.append(end_row(self)))
    rows, _sheet = read(raw(tmp_path, sheet_xml(body)))
    assert {number: text_of(row[0]) for number, row in rows.items()} == {
        n: str(n) for n in range(1, 500, step)
    }
    assert len(seen) < 5


def test_expat_reads_few_shared_strings_however_all_are_spelled(tmp_path, monkeypatch):
    items = "".join(
        f'<si><r><rPr><b/></rPr><t>a</t></r><r><t xml:space="preserve"> {n}</t></r>'
        '<rPh sb="0" eb="1"><t>no</t></rPh></si>\n'
        for n in range(500)
    )
    seen = []
    end = xlsx_strings._Reader._end
    monkeypatch.setattr(
        xlsx_strings._Reader, "_end", lambda self, name: (seen.append(name), end(self, name))
    )
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n}</v></c></row>' for n in range(1, 500))
    parts = PARTS | {"xl/sharedStrings.xml": f"<sst>{items}</sst>"}
    rows, _sheet = read(raw(tmp_path, sheet_xml(cells), parts))
    assert rows[499] == ["a 499"]
    assert seen.count("si") < 5


def test_a_control_character_breaks_a_sheet(tmp_path):
    row = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>a{c}</t></is></c></row>'
    body = row.replace("{n}", "1").replace("{c}", "") + row.replace("{n}", "2")
    with pytest.raises(FileRefused) as caught:
        read(raw(tmp_path, sheet_xml(body.replace("{c}", "\x01"))))
    assert caught.value.code == "FILE_BROKEN"


def test_a_sheet_whose_elements_have_prefixes(tmp_path):
    xml = (
        '<x:worksheet xmlns:x="a"><x:sheetData><x:row r="2"><x:c r="B2" t="inlineStr"><x:is>'
        "<x:t>x</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"
    )
    assert read(raw(tmp_path, xml))[0] == {2: ["", "x"]}


def test_rows_elsewhere_are_no_rows_of_the_sheet(tmp_path):
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    xml = f"<worksheet><sheetData>{row}</sheetData><extLst>{row}</extLst></worksheet>"
    assert read(raw(tmp_path, xml))[0] == {1: [1]}


def test_a_row_in_several_elements_is_one_row(tmp_path):
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>'
        f'<row r="{n}"><c r="c{n}" t="inlineStr"><is><t>x</t></is></c></row>'
        for n in range(1, 40)
    )
    assert read(raw(tmp_path, sheet_xml(rows)))[0] == {n: [n, "", "x"] for n in range(1, 40)}


def test_an_inline_string_beside_a_value_is_the_text(tmp_path):
    cells = (
        '<c r="A1" t="inlineStr"><v>1.0</v><is><t>1.</t></is></c>'
        '<c r="B1" t="inlineStr"><is><r><t>a</t></r></is><v>9</v></c>'
        '<c r="C1" t="inlineStr"><v>alone</v></c>'
    )
    assert read(raw(tmp_path, sheet_xml(f'<row r="1">{cells}</row>')))[0] == {
        1: ["1.", "a", "alone"]
    }


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("_xD83D__xDE00_", "\U0001f600"),
        ("a_xD83C__xDF1F_b_x0041_", "a\U0001f31fbA"),
        ("_x005F_xD83D_", "_xD83D_"),
    ],
)
@pytest.mark.parametrize("kind", ["inlineStr", "s", "rich"])
def test_escaped_surrogate_pairs_are_one_character(tmp_path, escaped, text, kind):
    inner = f"<t>{escaped}</t>" if kind != "rich" else f"<r><t>{escaped}</t></r>"
    strings = {"xl/sharedStrings.xml": f"<sst><si>{inner}</si></sst>"}
    cell = '<c r="A1" t="s"><v>0</v></c>'
    if kind == "inlineStr":
        cell = f'<c r="A1" t="inlineStr"><is>{inner}</is></c>'
    path = raw(tmp_path, sheet_xml(f'<row r="1">{cell}</row>'), PARTS | strings)
    assert read(path)[0] == {1: [text]}


def test_days_since_1904(tmp_path):
    workbook = (
        '<workbook xmlns:r="a"><workbookPr date1904="1"/><sheets>'
        '<sheet name="S" r:id="rId1"/></sheets></workbook>'
    )
    xml = sheet_xml('<row r="1"><c r="A1" s="1"><v>1</v></c></row>')
    path = raw_xlsx(tmp_path / "a.xlsx", xml, PARTS, workbook=workbook)
    assert read(path)[0] == {1: [Shown(1, "2-Jan-04")]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<row r="3"/><row r="2"><c r="A2"/></row>', "FILE_BROKEN"),
        ('<row r="two"/>', "FILE_BROKEN"),
        ('<row r="2"><c r="2A"/></row>', "FILE_BROKEN"),
        ('<row r="2"><c r="A2" t="s"><v>99</v></c></row>', "FILE_BROKEN"),
        ('<row r="2"><c r="A2" t="s"><v>x</v></c></row>', "FILE_BROKEN"),
        ('<row r="2"><c r="A2"><v>1</v></row>', "FILE_BROKEN"),
        ('<row r="2"><c r="A2" t="inlineStr"><is><t>&no;</t></is></c></row>', "FILE_BROKEN"),
        ('<row r="1048577"><c r="A1048577"/></row>', "TOO_MANY_ROWS"),
        ('<row r="2"><c r="XFE2"/></row>', "FILE_TOO_COMPLEX"),
        ('<row r="2">' + "<c/>" * 16_385 + "</row>", "FILE_TOO_COMPLEX"),
        ('<row r="2"><c a="' + "x > " * 500_000 + '"/></row>', "FILE_TOO_COMPLEX"),
    ],
)
@pytest.mark.parametrize("before", ["", '<row r="1"><c r="A1"><v>1</v></c></row>'])
def test_sheets_that_are_refused(tmp_path, body, code, before):
    with pytest.raises(FileRefused) as caught:
        read(raw(tmp_path, sheet_xml(before + body)))
    assert caught.value.code == code


def test_columns_beyond_the_limit_are_read_over(tmp_path):
    cells = '<c r="A1"><v>1</v></c><c r="IW1"><v>2</v></c><c r="XFD1" t="e"><v>#N/A</v></c>'
    rows, sheet = read(raw(tmp_path, sheet_xml(f'<row r="1">{cells}</row>')))
    assert rows == {1: [1]}
    assert not sheet.seen.cell_errors


def test_an_entry_that_ends_early_is_broken(tmp_path):
    xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace("</worksheet>", "")
    with pytest.raises(FileRefused) as caught:
        read(raw(tmp_path, xml))
    assert caught.value.code == "FILE_BROKEN"
