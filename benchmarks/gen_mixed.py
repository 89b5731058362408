"""Two sheets of the same recipients: one as most programs write it, one of all other cells."""

from collections.abc import Callable, Iterator
from pathlib import Path

from sending.tests.spreadsheets.books import raw_xlsx, sheet_xml, text_cell

_STYLES = (
    "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='&quot;$&quot;#,##0.00'/></numFmts>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='15'/><xf numFmtId='164'/></cellXfs></styleSheet>"
)
_RELATIONS = (
    "<Relationships><Relationship Id='rId1' Type='x/worksheet' Target='worksheets/sheet1.xml'/>"
    "<Relationship Id='rId2' Type='x/styles' Target='styles.xml'/></Relationships>"
)
_HEADINGS = ("Mobile", "Variable 1", "Variable 2")
# Variable 1, in every form that a cell can have.
_FORMS: tuple[Callable[[int], str], ...] = (
    lambda n: f'<c r="B{n}" t="b"><v>{n % 2}</v></c>',
    lambda n: f'<c r="B{n}" s="1"><v>{40_000 + n % 9_000}</v></c>',
    lambda n: f'<c r="B{n}" t="d"><v>2026-11-{n % 28 + 1:02}T09:05:00</v></c>',
    lambda n: f'<c r="B{n}" t="inlineStr"><is><r><t>An</t></r><r><t>na{n}</t></r></is></c>',
    lambda n: f'<c r="B{n}" t="str"><f>A{n}&amp;"x"</f><v>x{n}</v></c>',
    lambda n: f'<c t="n" r="B{n}" s="1"><v>{n}</v></c>',
)


def plain(path: Path, rows: int) -> Path:
    """Write texts and numbers only."""
    return _written(path, rows, lambda n: f'<c r="B{n}"><v>{n}</v></c>', "", "")


def mixed(path: Path, rows: int) -> Path:
    """Write booleans, dates, rich texts, formulas and formats, with attributes on every row."""
    return _written(
        path, rows, lambda n: _FORMS[n % len(_FORMS)](n), ' spans="1:3" ht="15"', ' s="2"'
    )


def _written(
    path: Path, rows: int, second: Callable[[int], str], attributes: str, style: str
) -> Path:
    def chunks() -> Iterator[str]:
        start, _, end = sheet_xml("|").partition("|")
        yield start
        cells = (text_cell(f"{name}1", text) for name, text in zip("ABC", _HEADINGS, strict=True))
        yield f'<row r="1">{"".join(cells)}</row>'
        for n in range(2, rows + 2):
            yield (
                f'<row r="{n}"{attributes}>{text_cell(f"A{n}", f"85261{n:06}")}{second(n)}'
                f'<c r="C{n}"{style}><v>{n / 100}</v></c></row>'
            )
        yield end

    parts = {"xl/styles.xml": _STYLES, "xl/_rels/workbook.xml.rels": _RELATIONS}
    return raw_xlsx(path, chunks(), parts)
