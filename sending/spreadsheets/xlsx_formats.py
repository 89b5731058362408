"""The number formats of an xlsx, by the number with which cells name them."""

from sending.spreadsheets.number_formats.builtin import BUILT_IN, BY_LANGUAGE
from sending.spreadsheets.number_formats.formats import NumberFormat, number_format
from sending.spreadsheets.xml_blocks import Unzipped, elements

# So many formats are looked at for what they do to texts; nobody needs as many.
_FORMATS_OF_TEXTS = 1_000


class CellFormats(dict[str | None, NumberFormat | None]):
    """Formats by the `s` of a cell, made ready when the first cell asks; None is "General"."""

    def __init__(self, codes: list[tuple[str, bool]], *, since_1904: bool = False) -> None:
        """`codes` are (format code, whether every program shows the same)."""
        super().__init__()
        self._codes = codes
        self._since_1904 = since_1904
        self[None] = self["0"]
        self.changes_texts = any(
            self[str(at)] is not None
            for at, (code, _exact) in list(enumerate(codes))[:_FORMATS_OF_TEXTS]
            if "@" in code or code.count(";") > 2
        )

    def __missing__(self, style: str | None) -> NumberFormat | None:
        """Make the format of a style ready."""
        at = int(style) if style and style.isdecimal() and len(style) < 9 else -1
        if not 0 <= at < len(self._codes):
            return None
        code, exact = self._codes[at]
        made = number_format(code, since_1904=self._since_1904, by_language=not exact)
        self[style] = made
        return made


def cell_formats(unzipped: Unzipped, entry: str | None, *, since_1904: bool) -> CellFormats:
    """Read the styles part (ECMA-376 part 1, 18.8); without one every cell is "General"."""
    if entry is None:
        return CellFormats([], since_1904=since_1904)
    written: dict[str, str] = {}
    numbers: list[str] = []
    inside = ""
    wanted = frozenset({"numFmt", "cellXfs", "cellStyleXfs", "dxfs", "cellStyles", "xf"})
    for found in elements(unzipped, entry, wanted):
        match found[""]:
            case "numFmt" if inside != "dxfs":
                written[found.get("numFmtId", "")] = found.get("formatCode", "")
            case "xf" if inside == "cellXfs":
                numbers.append(found.get("numFmtId", "0"))
            case "cellXfs" | "cellStyleXfs" | "dxfs" | "cellStyles" as section:
                inside = section
    return CellFormats([code_of(number, written) for number in numbers], since_1904=since_1904)


def code_of(number: str, written: dict[str, str]) -> tuple[str, bool]:
    """Return the code of a format, and whether every program shows the same with it."""
    if number in written:
        return written[number], True
    known = int(number) if number.isdecimal() and len(number) < 9 else 0
    if known in BY_LANGUAGE:
        return BY_LANGUAGE[known], False
    return BUILT_IN.get(known, ""), True
