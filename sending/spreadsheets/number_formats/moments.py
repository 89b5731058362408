"""Days, times and spans as a section of a format code shows them."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sending.spreadsheets.number_formats.tokens import Section, Token, TokenKind

# The last day of the year 9999; a larger number is no day.
LAST_SERIAL = 2_958_466
_DAY_SECONDS = 86_400
# What is nearer to the next day than to its last second is the next day.
_HALF_SECOND = (0.5 + 1e-6) / _DAY_SECONDS
# Serial 60 is the 29 February 1900, which never was; days before it count from one day later.
_NO_DAY = 60
_EPOCH = datetime.date(1899, 12, 30).toordinal()
_EPOCH_1904_DAYS = 1_462

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
_NOON = {"上午/下午": ("上午", "下午"), "午前/午後": ("午前", "午後")}
_NOON["오전/오후"] = ("오전", "오후")


@dataclass(slots=True)
class CellMoment:
    """A serial number taken apart. `share` is the part of the second, in units of `digits`."""

    year: int
    month: int
    day: int
    weekday: int
    seconds: int
    total: int
    share: str
    negative: bool


def is_moment(section: Section) -> bool:
    """Tell whether a section shows a day, a time or a span."""
    return not section.kinds().isdisjoint({TokenKind.MOMENT, TokenKind.ELAPSED, TokenKind.NOON})


def has_words(section: Section) -> bool:
    """Tell whether a section shows names of months or days, or halves of the day."""
    return any(
        kind is TokenKind.NOON or (kind is TokenKind.MOMENT and text[0] in "md" and len(text) > 2)
        for kind, text in section.tokens
    )


def shows_span(section: Section) -> bool:
    """Tell whether a section counts hours, minutes or seconds on past a day."""
    return TokenKind.ELAPSED in section.kinds()


def moment_writer(section: Section, *, since_1904: bool) -> Callable[[float], str]:
    """Return what writes a serial number by the section."""
    tokens = _with_minutes(section.tokens)
    tokens, digits = _with_shares(tokens)
    halves = next((_halves(text) for kind, text in tokens if kind is TokenKind.NOON), None)

    def shown(moment: CellMoment) -> str:
        text = "".join([_part(kind, code, moment, halves) for kind, code in tokens])
        return f"-{text}" if moment.negative else text

    # The same days come again and again in a column.
    @lru_cache(maxsize=32_768)
    def of_day(days: int) -> str:
        return shown(_taken_apart(days, digits, since_1904=since_1904))

    if _shows_only_days(tokens):
        return lambda serial: of_day(int(serial + _HALF_SECOND))
    return lru_cache(maxsize=1_024)(
        lambda serial: shown(_taken_apart(serial, digits, since_1904=since_1904))
    )


def _shows_only_days(tokens: Sequence[Token]) -> bool:
    """Tell whether no part of a section needs the time of the day."""
    return not any(
        kind in {TokenKind.NOON, TokenKind.ELAPSED}
        or (kind is TokenKind.MOMENT and code[0] in "hns")
        or (kind is TokenKind.POINT and len(code) > 1)
        for kind, code in tokens
    )


def _with_minutes(tokens: Sequence[Token]) -> list[Token]:
    """Tell minutes ("n") from months: they follow hours, or come before seconds."""
    told = list(tokens)
    timed = [
        at for at, (kind, _text) in enumerate(told) if kind in {TokenKind.MOMENT, TokenKind.ELAPSED}
    ]
    for place, at in enumerate(timed):
        kind, text = told[at]
        if text[0] != "m" or kind is TokenKind.ELAPSED or len(text) > 2:
            continue
        before = told[timed[place - 1]][1] if place else ""
        after = told[timed[place + 1]][1] if place + 1 < len(timed) else ""
        if before[:1] == "h" or after[:1] == "s":
            told[at] = (kind, "n" * len(text))
    return told


def _with_shares(tokens: Sequence[Token]) -> tuple[list[Token], int]:
    """Turn ".00" behind seconds into one token; return its digits too, at most 3."""
    told: list[Token] = []
    digits, after_seconds, at = 0, False, 0
    while at < len(tokens):
        kind, text = tokens[at]
        end = at + 1
        while end < len(tokens) and tokens[end] == (TokenKind.DIGIT, "0"):
            end += 1
        if kind is TokenKind.POINT and after_seconds and end > at + 1:
            digits = max(digits, min(end - at - 1, 3))
            told.append((TokenKind.POINT, "." + "0" * (end - at - 1)))
            at = end
            continue
        if kind in {TokenKind.MOMENT, TokenKind.ELAPSED}:
            after_seconds = text[0] == "s"
        told.append((kind, text))
        at += 1
    return told, digits


def _halves(text: str) -> tuple[str, str]:
    """Return how a section writes the halves of the day: "A/P" and "a/p" as they stand."""
    if len(text) == len("a/p"):
        return text[0], text[2]
    return _NOON.get(text, ("AM", "PM"))


def _taken_apart(serial: float, digits: int, *, since_1904: bool) -> CellMoment:
    unit = 10**digits
    units = int(abs(serial) * _DAY_SECONDS * unit + 0.5 + 1e-6)
    total, share = divmod(units, unit)
    days, seconds = divmod(total, _DAY_SECONDS)
    if since_1904:
        days += _EPOCH_1904_DAYS
    year, month, day, weekday = _calendar(days)
    shown = f"{share:0{digits}}" if digits else ""
    return CellMoment(year, month, day, weekday, seconds, total, shown, serial < 0 and units > 0)


@lru_cache(maxsize=32_768)
def _calendar(days: int) -> tuple[int, int, int, int]:
    """Return year, month, day and weekday of a serial number."""
    weekday = (days - 1) % 7
    if days == 0:
        return 1900, 1, 0, weekday
    if days == _NO_DAY:
        return 1900, 2, 29, weekday
    date = datetime.date.fromordinal(_EPOCH + min(days, LAST_SERIAL - 1) + (days < _NO_DAY))
    return date.year, date.month, date.day, weekday


def _part(kind: TokenKind, code: str, moment: CellMoment, halves: tuple[str, str] | None) -> str:
    match kind:
        case TokenKind.MOMENT:
            return _moment_part(code, moment, halves)
        case TokenKind.ELAPSED:
            size = {"h": 3_600, "m": 60, "s": 1}[code[0]]
            return f"{moment.total // size:0{len(code)}}"
        case TokenKind.NOON:
            assert halves is not None
            return halves[moment.seconds >= _DAY_SECONDS // 2]
        case TokenKind.POINT:
            return "." + moment.share.ljust(len(code) - 1, "0") if len(code) > 1 else code
    return code


def _moment_part(code: str, moment: CellMoment, halves: tuple[str, str] | None) -> str:
    length = len(code)
    match code[0]:
        case "m":
            return _month(moment.month, length)
        case "d":
            return _day(moment, length)
        case "h":
            hour = moment.seconds // 3_600
            return _padded((hour % 12 or 12) if halves else hour, length)
        case "n":
            return _padded(moment.seconds // 60 % 60, length)
        case "s":
            return _padded(moment.seconds % 60, length)
    return _year(code[0], moment.year, length)


def _year(letter: str, year: int, length: int) -> str:
    """Write a year: "e" is that of an era, which is left out ("g"); "b" is Buddhist."""
    if letter == "g":
        return ""
    if letter == "e":
        return str(year)
    if letter == "b":
        year += 543
    return f"{year % 100:02}" if length <= 2 else f"{year:04}"


def _padded(number: int, length: int) -> str:
    return str(number) if length == 1 else f"{number:02}"


def _month(month: int, length: int) -> str:
    if length <= 2:
        return _padded(month, length)
    name = _MONTHS[month - 1]
    return {3: name[:3], 5: name[0]}.get(length, name)


def _day(moment: CellMoment, length: int) -> str:
    if length <= 2:
        return _padded(moment.day, length)
    name = _DAYS[moment.weekday]
    return name[:3] if length == 3 else name
