"""What we say a cell shows is what LibreOffice shows, for a corpus of formats and numbers."""

import os
import random
import shutil
import subprocess

import pytest
from openpyxl import Workbook

from sending.spreadsheets.cells import Shown, text_of
from sending.spreadsheets.filetypes import detect
from sending.spreadsheets.limits import Limits
from sending.spreadsheets.workbook import open_workbook

SOFFICE = shutil.which("soffice")
ROWS = 150
NUMBERS = [
    "0",
    "0.00",
    "#,##0",
    "#,##0.00",
    "000000",
    "0%",
    "0.0%",
    "0.00%",
    "$#,##0.00",
    "[$€-2] #,##0.00",
    '"£"#,##0.00',
    '#,##0.00" kr"',
    "0.00E+00",
    "##0.0E+0",
    "0.0##",
    "#,##0_);(#,##0)",
    "#,##0.00_);[Red](#,##0.00)",
    '"Nr. "0000',
    "00000-0000",
    "(000) 000-0000",
    "[<=9999999]###-####;(###) ###-####",
    "+0;-0;0",
    '0.0,"K"',
    '0.00,,"M"',
    '0" pcs"',
    "# ##0",
    '0;-0;"zero"',
    "0\\.00",
    "000-00-0000",
    "#",
    "#,###",
    "#,##0.0###",
    "00 00 00 00 00",
    "?0.0?",
    "0.000",
    "#,##0.0",
    "#%",
    "$#,##0",
    "[$$-409]#,##0.00",
    "[$£-809]#,##0.00",
    '#,##0.00 "€"',
    "[$¥-411]#,##0",
    "#,##0.00 [$EUR]",
    "#,##0.00\\ [$zł-415];[Red]\\-#,##0.00\\ [$zł-415]",
    "#,##0.00_-;[Red]-#,##0.00_-",
    '_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
    "0E+00",
    "00.00E+00",
    "#.00",
    ".00",
    "??0",
    "#,##0;[Red]-#,##0",
    "+#,##0.0;-#,##0.0",
    "#,##0,",
    "0.0,,",
    "0,000.0",
    '0;;"-"',
    "0;-0;;@",
    ";;;",
    '"yes";;"no"',
    "0#0",
    "0\\%",
    '0.00 "m²"',
    '"№ "0',
    "0-0",
    "0000\\-0000\\-0000",
    "###-###-####",
    "+00 000 000",
    "##,##,##0.00",
    "#,##0.00;(#,##0.00);-",
    "0.0%;[Red]-0.0%;-",
    "0.00%_);\\(0.00%\\)",
    "#,##0,_);(#,##0,)",
    "¥#,##0;¥-#,##0",
    "R$ #,##0.00",
    "[Blue]0;[Red]-0",
    "0x0",
    "00:00",
    "0.00E-00",
    "[>=0]0.00;[<0](0.00)",
]
FRACTIONS = ["# ?/?", "# ??/??", "# ???/???", "??/??", "0/0", "#/#", '# ?/?" in"', "0 ??/??"]
MOMENTS = [
    "yyyy-mm-dd",
    "d mmmm yyyy",
    "dd/mm/yyyy",
    "mm/dd/yy",
    "d-mmm-yy",
    "mmm yyyy",
    "dddd, mmmm dd, yyyy",
    "ddd d mmm",
    "h:mm",
    "hh:mm:ss",
    "h:mm AM/PM",
    "hh:mm:ss AM/PM",
    "[h]:mm",
    "[h]:mm:ss",
    "[mm]:ss",
    "mm:ss",
    "m/d/yyyy h:mm",
    "d.m.yyyy",
    'yyyy"年"m"月"d"日"',
    "mmmmm",
    "yy",
    "dddd",
    "d/m",
    "mmm-yy",
    "yyyymmdd",
    "[$-409]d mmm yyyy",
    "[$-809]dd mmmm yyyy;@",
    "d\\-m\\-yyyy",
    "d mmm 'yy",
    'd"."m"."yyyy',
    "yyyy. mm. dd.",
    "hh:mm am/pm",
    "ss",
    "h",
    "dd/mm/yyyy hh:mm",
    "yyyy-mm-dd\\Thh:mm:ss",
    'hh"h"mm',
    "h:m:s",
    "ddd hh:mm",
    "dd-mmm-yyyy h:mm AM/PM",
    "[$-409]h:mm AM/PM;@",
    "[hh]:mm",
    "[m]",
    "[s]",
    '[h]"h "mm"m"',
]


def numbers(rng):
    return rng.choice(
        [
            rng.randrange(0, 10 ** rng.randrange(1, 11)),
            round(rng.uniform(-1e4, 1e4), 2),
            rng.uniform(0, 1),
            -rng.randrange(0, 10**6),
            rng.uniform(0, 1e9),
            0,
            round(rng.uniform(0, 100), 3),
        ]
    )


def value_for(code, rng):
    if code in FRACTIONS:
        return round(rng.uniform(0, 1_000), 3)
    if code in NUMBERS:
        return numbers(rng)
    is_span = code.startswith(("[h", "[m", "[s"))
    days = 0 if is_span else rng.randrange(61, 73_000)
    return days + rng.randrange(86_400) / 86_400


def rows_of(path):
    book = open_workbook(path, detect(path, 1 << 30), Limits())
    return {number: list(row) for number, row in book.open_sheet(0).rows}


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_a_corpus_shows_what_libreoffice_shows(tmp_path):
    rng = random.Random(20261129)
    codes = [*NUMBERS, *FRACTIONS, *MOMENTS]
    book = Workbook()
    for row in range(1, ROWS + 1):
        for column, code in enumerate(codes, 1):
            cell = book.active.cell(row, column, value_for(code, rng))
            cell.number_format = code
    book.save(tmp_path / "corpus.xlsx")
    for kind in ("ods", "xls"):
        subprocess.run(
            [SOFFICE, "--headless", "--convert-to", kind, "corpus.xlsx"],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
            check=True,
            capture_output=True,
            timeout=300,
        )
    # In an ods the shown text stands beside the value.
    shown = rows_of(tmp_path / "corpus.ods")
    for kind in ("xlsx", "xls"):
        ours = rows_of(tmp_path / f"corpus.{kind}")
        differ = [
            (codes[column], cell.value if isinstance(cell, Shown) else cell, text_of(cell), theirs)
            for number, row in ours.items()
            for column, cell in enumerate(row)
            if (theirs := text_of(dict(enumerate(shown[number])).get(column))) != text_of(cell)
        ]
        assert len(differ) <= ROWS * len(codes) / 1_000, differ[:20]
