"""Files made to hurt: each maker writes one, of the sizes known from bug reports and fuzzers."""

import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sending.tests.spreadsheets.books import HEADING_ROW, raw_xlsx, sheet_xml, text_cell, xlsx

GOOD_ROW = f'<row r="2">{text_cell("A2", "85261234567")}</row>'
_MEBIBYTE = 1 << 20


def _around(filling: bytes, size: int, before: str, after: str) -> Iterator[bytes]:
    start, _, end = sheet_xml(HEADING_ROW + GOOD_ROW + "|").partition("|")
    yield (start + before).encode()
    block = filling * (_MEBIBYTE // len(filling))
    for _ in range(size // len(block)):
        yield block
    yield (after + end).encode()


def blanks(path: Path) -> Path:
    """1 GiB of blanks between two rows."""
    return raw_xlsx(path, _around(b" ", 1024 * _MEBIBYTE, "", ""))


def one_cell(path: Path) -> Path:
    """One cell of 1 GiB."""
    cell = '<row r="3"><c r="A3" t="inlineStr"><is><t>'
    return raw_xlsx(path, _around(b"9", 1024 * _MEBIBYTE, cell, "</t></is></c></row>"))


def tiny_cells(path: Path) -> Path:
    """32 million cells without a value."""
    return raw_xlsx(path, _around(b"<c/>", 32_000_000 * 4, '<row r="3">', "</row>"))


def empty_rows(path: Path) -> Path:
    """40 million rows without a cell."""
    return raw_xlsx(path, _around(b"<row/>", 40_000_000 * 6, "", ""))


def shared_strings(path: Path) -> Path:
    """26 million shared strings."""
    strings = b"<sst>" + b"<si/>" * 26_000_000 + b"</sst>"
    return raw_xlsx(path, sheet_xml(HEADING_ROW + GOOD_ROW), {"xl/sharedStrings.xml": strings})


def comment(path: Path) -> Path:
    """300 MB of XML comment."""
    return raw_xlsx(path, _around(b"x", 300 * _MEBIBYTE, "<!--", "-->"))


def comments(path: Path) -> Path:
    """300 MB of small XML comments."""
    return raw_xlsx(path, _around(b"<!-- comment -->", 300 * _MEBIBYTE, "", ""))


def attributes(path: Path) -> Path:
    """A row of 100 MB of attributes."""
    return raw_xlsx(path, _around(b' a="<"  ', 100 * _MEBIBYTE, '<row r="3"', "></row>"))


def entities(path: Path) -> Path:
    """Entities that expand to a billion characters."""
    lines = ['<!ENTITY a0 "lol">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    doctype = f"<!DOCTYPE x [{''.join(lines)}]>"
    cell = f'<row r="2">{text_cell("A2", "&a9;")}</row>'
    return raw_xlsx(path, doctype + sheet_xml(HEADING_ROW + cell))


def corners(path: Path) -> Path:
    """Cells at A1 and XFD1048576, and nothing between."""
    far = f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    return raw_xlsx(path, sheet_xml(HEADING_ROW + far))


def stray_cell(path: Path) -> Path:
    """An honest sheet of 1,000 rows with one stray cell at Z1000000."""
    rows = (f'<row r="{n}">{text_cell(f"A{n}", f"85261{n:06}")}</row>' for n in range(2, 1_002))
    stray = f'<row r="1000000">{text_cell("Z1000000", "stray")}</row>'
    return raw_xlsx(path, sheet_xml(HEADING_ROW + "".join(rows) + stray))


def truncated(path: Path) -> Path:
    """The first half of an honest workbook."""
    xlsx(path, [["mobile"], *([f"8526{n:07}"] for n in range(5_000))])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def renamed_docx(path: Path) -> Path:
    """A text document by the name of a workbook."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return path


def random_bytes(path: Path) -> Path:
    """A megabyte of noise."""
    path.write_bytes(random.Random(7).randbytes(_MEBIBYTE))
    return path


def one_line(path: Path) -> Path:
    """Text of 29 MB without a line end."""
    path.write_bytes(b"mobile," + b"9" * (29 * _MEBIBYTE))
    return path


def open_quote(path: Path) -> Path:
    """Text whose first cell opens a quotation mark and never closes it."""
    path.write_bytes(b'mobile\n"' + b"85261234567\n" * 2_000_000)
    return path


def repeated_ods(path: Path) -> Path:
    """An ods that repeats one cell over the whole of the largest sheet."""
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cell = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
        ' office:value-type="string" table:number-columns-repeated="16384"><text:p>9</text:p>'
        "</table:table-cell></table:table-row>"
    )
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0"'
        f' xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{cell}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", "<x/>")
        archive.writestr("META-INF/manifest.xml", "<x/>")
    return path


# maker -> what the check may end with; "" means that its good rows are read.
ENDS: dict[Callable[[Path], Path], frozenset[str]] = {
    blanks: frozenset({"FILE_TOO_COMPLEX"}),
    one_cell: frozenset({"FILE_TOO_COMPLEX"}),
    tiny_cells: frozenset({"FILE_TOO_COMPLEX"}),
    empty_rows: frozenset({"TOO_MANY_ROWS"}),
    shared_strings: frozenset({"FILE_TOO_COMPLEX"}),
    comment: frozenset({"FILE_TOO_COMPLEX"}),
    comments: frozenset({"FILE_TOO_COMPLEX", "UNZIPS_TOO_LARGE", ""}),
    attributes: frozenset({"FILE_TOO_COMPLEX", "FILE_BROKEN", ""}),
    entities: frozenset({"FILE_DTD"}),
    corners: frozenset({"NO_ROWS", "FILE_TOO_COMPLEX", ""}),
    stray_cell: frozenset({""}),
    truncated: frozenset({"FILE_BROKEN"}),
    renamed_docx: frozenset({"FILE_TYPE"}),
    random_bytes: frozenset({"FILE_TYPE"}),
    one_line: frozenset({"FILE_QUOTES", "FILE_ENCODING", "NO_NUMBER_COLUMN"}),
    open_quote: frozenset({"FILE_QUOTES"}),
    repeated_ods: frozenset({"FILE_TOO_COMPLEX", "NO_NUMBER_COLUMN", "FILE_BROKEN"}),
}
