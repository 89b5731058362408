"""From what a cell of an xlsx holds to its value (ECMA-376 part 1, 18.3.1.4 and 18.18.11)."""

from sending.spreadsheets.cells import Cell, Shown
from sending.spreadsheets.number_formats.formats import number_format
from sending.spreadsheets.problems import FileCode, FileRefused
from sending.spreadsheets.xlsx_formats import CellFormats
from sending.spreadsheets.xlsx_strings import SharedStrings
from sending.spreadsheets.xlsx_values import iso_serial, number_of, unescaped


class CellError(str):
    """What a cell with an error shows, such as #N/A."""

    __slots__ = ()


class CellValues:
    """Reads cells by their type and format.

    `odd` becomes true when a cell was read that something must be said about: an error, or a format
    that other programs show in another way.
    """

    def __init__(
        self, strings: SharedStrings, formats: CellFormats, *, since_1904: bool = False
    ) -> None:
        self.strings = strings
        self.formats = formats
        self.odd = False
        self._since_1904 = since_1904

    def number(self, text: str, style: str | None) -> Cell:
        """Return a number, with what it shows unless that is the number itself."""
        number_format = self.formats[style]
        number = number_of(text)
        if number_format is None or isinstance(number, str):
            return number
        assert isinstance(number, int | float)
        if number_format.plain_whole and isinstance(number, int):
            return number
        exact = number_format.is_exact(number)
        if not exact:
            self.odd = True
        return Shown(number, number_format.show, exact=exact)

    def typed(self, kind: str, text: str, style: str | None) -> Cell:
        """Return the value of a cell of this type; `text` has no entities any more."""
        match kind:
            case "n":
                return self.number(text.strip(), style)
            case "s":
                return self.dressed(self.strings[whole(text)], style)
            case "b":
                return text.strip().lower() in {"1", "true"}
            case "e":
                self.odd = True
                return CellError(text[:20])
            case "d":
                return self._moment(text, style)
        return self.dressed(unescaped(text), style)

    def dressed(self, text: str, style: str | None) -> Cell:
        """Return a text as its format shows it: ";;;" hides it, '@" kg"' adds to it."""
        if not self.formats.changes_texts or not text:
            return text
        number_format = self.formats[style]
        if number_format is None or number_format.text is None:
            return text
        return Shown(text, number_format.text(text))

    def _moment(self, text: str, style: str | None) -> Cell:
        found = iso_serial(text, since_1904=self._since_1904)
        if found is None:
            return text
        serial, code = found
        shown = self.formats[style] or number_format(code, since_1904=self._since_1904)
        assert shown is not None
        exact = shown.is_exact(serial)
        self.odd = self.odd or not exact
        return Shown(serial, shown.show, exact=exact)


def whole(text: str) -> int:
    """Return a whole number; raises FileRefused FILE_BROKEN for anything else."""
    if not text.strip().isdecimal() or len(text) > 18:
        raise FileRefused(FileCode.BROKEN)
    return int(text)
