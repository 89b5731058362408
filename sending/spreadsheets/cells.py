"""Cell values as readers give them, and the text a person sees in them."""

from collections.abc import Callable

from sending.spreadsheets.number_formats.general import general


class Shown:
    """A cell that shows another text than its value: a number with a format.

    The number of a recipient is read from `value`, everything else from `text`. `exact` says that
    any program shows the same text. The text is made when it is asked for: most never are.
    """

    __slots__ = ("_show", "exact", "value")

    def __init__(
        self, value: float | str, show: Callable[[float], str] | str, *, exact: bool = True
    ) -> None:
        self.value = value
        self.exact = exact
        self._show = show

    @property
    def format_id(self) -> int:
        """Which format it has: the same number for the same format of an open workbook."""
        return id(getattr(self._show, "__self__", self._show))

    @property
    def text(self) -> str:
        """What the cell shows."""
        if isinstance(self._show, str):
            return self._show
        return self._show(float(self.value))

    def __eq__(self, other: object) -> bool:
        """Two cells are the same when they hold and show the same."""
        if not isinstance(other, Shown):
            return NotImplemented
        return (self.value, self.text) == (other.value, other.text)

    def __hash__(self) -> int:
        """Return the hash of what is compared."""
        return hash((self.value, self.text))

    def __repr__(self) -> str:
        """Name both for tests."""
        return f"Shown({self.value!r}, {self.text!r})"


Cell = str | int | float | bool | Shown | None

# Spreadsheet programs read a cell that begins with one of these as a formula: exports guard them
# with an apostrophe, and the reader takes it away again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Spaces, NBSP, the zero-width characters that copying from web pages leaves behind, and the letters
# without a shape that people take for an empty name (Hangul fillers, the empty Braille pattern).
INVISIBLE_ENDS = (
    " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff\u3000\u2007\u202f\u3164\uffa0\u2800"
)


def text_of(cell: Cell) -> str:
    """Return what a cell shows, ends trimmed; numbers without a format as "General" does."""
    if isinstance(cell, str):
        return cell.strip(INVISIBLE_ENDS)
    if isinstance(cell, Shown):
        return cell.text.strip(INVISIBLE_ENDS)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(cell) if isinstance(cell, int) else general(cell)
