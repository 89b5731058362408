"""Spreadsheets that tests read: made by openpyxl, or written by hand where they must be odd."""

import zipfile
from pathlib import Path

from openpyxl import Workbook

NUMBER = "Recipient's Mobile Number"
VARIABLE_1 = "SMS Content Variable 1"
VARIABLE_2 = "SMS Content Variable 2"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(path: Path, rows, *, sheet="Sheet1") -> Path:
    """Write rows of values as an honest xlsx."""
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def raw_xlsx(path: Path, sheet_xml, extra=None, *, workbook=None) -> Path:
    """Write an xlsx whose sheet is the given XML (str, bytes or chunks of bytes)."""
    workbook = workbook or (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>"
        ),
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            for chunk in [sheet_xml] if isinstance(sheet_xml, str | bytes) else sheet_xml:
                file.write(chunk.encode() if isinstance(chunk, str) else chunk)
    return path


def sheet_xml(body: str, before: str = "") -> str:
    """Return a sheet around rows of XML."""
    return f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{body}</sheetData></worksheet>'


def text_cell(name: str, text: str) -> str:
    """Return a cell with an inline string."""
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADING_ROW = f'<row r="1">{text_cell("A1", NUMBER)}{text_cell("B1", VARIABLE_1)}</row>'
