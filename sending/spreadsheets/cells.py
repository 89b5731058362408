"""Cell values as readers give them, and the text a person sees in them."""

import datetime

Cell = (
    str
    | int
    | float
    | bool
    | datetime.datetime
    | datetime.date
    | datetime.time
    | datetime.timedelta
    | None
)

# Spreadsheet programs read a cell that begins with one of these as a formula: exports guard them
# with an apostrophe, and the reader takes it away again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Spaces, NBSP and the zero-width characters that copying from web pages leaves behind.
_INVISIBLE_ENDS = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff\u3000\u2007\u202f"


def text_of(cell: Cell) -> str:
    """Return a cell as text: whole numbers without .0, dates as ISO 8601, ends trimmed."""
    if isinstance(cell, str):
        return cell.strip(_INVISIBLE_ENDS)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _number_text(cell)
    return _moment_text(cell)


def _number_text(number: float) -> str:
    # Above it a float no longer holds every whole number.
    if number.is_integer() and abs(number) <= 2**53:
        return str(int(number))
    return repr(number)


def _moment_text(cell: object) -> str:
    if isinstance(cell, datetime.datetime):
        if cell.time() == datetime.time():
            return cell.date().isoformat()
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, datetime.time):
        return cell.isoformat(timespec="minutes" if not cell.second else "seconds")
    return str(cell)
