"""Rules: where in a document a value stands, by JSON path, regular expression or field name."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Literal
from urllib.parse import parse_qsl

Format = Literal["json", "text", "form"]
FORMATS: tuple[Format, ...] = ("json", "text", "form")

RULE_PATH = "RULE_PATH"
RULE_REGEX = "RULE_REGEX"

# What a rule finds is an id, a code or a number; anything longer is none of them.
LONGEST_VALUE = 200
# … but for what a handset sent: 255 segments of UCS-2 (3GPP TS 23.040, 9.2.3.24.1).
LONGEST_TEXT = 255 * 67
_LONGEST_WHOLE = 27  # Digits that a Decimal keeps.
_NO_IDS = frozenset({"", "false", "true", "null", "none", "undefined"})
_TAG = re.compile(r"<([A-Za-z_][\w:.-]{0,39})")
# What holds several digits or spaces may be a number or a text that stands where a name should.
_NAME = re.compile(r"(?!.*[0-9]{4})[A-Za-z_][A-Za-z0-9_.:-]{0,39}")
_STEP = re.compile(r"\.?([^.\[\]\"\s]+)|\[(\d{1,6})\]|\[\"([^\"]+)\"\]")
EACH = "[*]"
# A text of the most segments that a concatenated message may have (3GPP TS 23.040, 9.2.3.24.1).
_MOST_VALUES = 255

Finder = Callable[[Any], str | None]
MultiFinder = Callable[[Any], list[str]]
Splitter = Callable[[Any], list[Any]]
Step = str | int


class RuleError(ValueError):
    """Not a rule; `code` is stable, `what` is the part that is wrong."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code} {what}")
        self.code = code
        self.what = what


class DocumentUnreadable(ValueError):
    """The octets are not a document of the format that was agreed, or not one of its shape."""


def read_document(octets: bytes, form: Format) -> Any:
    """Return a JSON value, a text or {field: value}; raise DocumentUnreadable."""
    if form == "text":
        return octets.decode(_encoding(octets), errors="replace")
    if form == "form":
        return _read_fields(octets)
    # Ids and statuses are ASCII: a wrong encoding of the text beside them, a control character
    # in it or a NUL at the end is no reason to lose them.
    text = octets.decode(_encoding(octets), errors="replace").strip("\0\ufeff \t\r\n")
    try:
        # An id of twenty digits is not rounded, one of thousands is no reason to stop.
        return json.loads(text, parse_int=str, parse_float=_number, strict=False)
    except (ValueError, RecursionError) as error:
        raise DocumentUnreadable("no JSON") from error


def _encoding(octets: bytes) -> str:
    """Return utf-8, or what a byte order mark and zeros say."""
    return json.detect_encoding(octets)


def _number(written: str) -> str:
    """Return a number as written, `12345.0` and `1.0e5` as the whole numbers that they are."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return written
    whole = number.adjusted() < _LONGEST_WHOLE and number == number.to_integral_value()
    return str(int(number)) if whole else written


def _read_fields(octets: bytes) -> dict[str, str]:
    text = octets.decode("utf-8", errors="replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
    except ValueError as error:
        raise DocumentUnreadable("too many fields") from error


def finder(written: str, form: Format, longest: int = LONGEST_VALUE) -> Finder:
    """Return what finds one value in a document, None where it is not; raise RuleError.

    Of a value that is longer, it finds the beginning.
    """
    if form == "text":
        expression = _expression(written)
        return lambda document: _matched(expression, document, longest)
    if form == "form":
        return lambda document: _as_text(document.get(written), longest)
    steps = _steps(written)
    return lambda document: _as_text(_walk(document, steps), longest)


def multi_finder(written: str, form: Format) -> MultiFinder:
    """Return what finds a value, or one in each item of a list: `messages[*].id`.

    Raise RuleError.
    """
    before, each, behind = written.partition(EACH)
    if form != "json" or not each:
        find = finder(written, form)
        return lambda document: _present([find(document)])
    above, below = _steps(before), _steps(behind)

    def find_all(document: Any) -> list[str]:
        items = _walk(document, above)
        if not isinstance(items, list):
            return []
        return _present(_as_text(_walk(item, below)) for item in items[:_MOST_VALUES])

    return find_all


def _present(values: Iterable[str | None]) -> list[str]:
    return [value for value in values if value is not None]


def splitter(written: str, form: Format) -> Splitter:
    """Return what cuts a document into its items; without a rule it is one, or its own list."""
    if form == "json":
        steps = _steps(written) if written else ()
        return lambda document: _items(_walk(document, steps))
    if form == "text" and written:
        expression = _expression(written)
        return lambda document: _some([found[0] for found in expression.finditer(document)])
    return lambda document: [document]


def _expression(written: str) -> re.Pattern[str]:
    try:
        return re.compile(written, re.DOTALL)
    except (re.error, RecursionError, OverflowError) as error:
        raise RuleError(RULE_REGEX, str(error)) from error


def _matched(expression: re.Pattern[str], text: str, longest: int) -> str | None:
    """Return the first group, or the whole match of an expression without groups."""
    found = expression.search(text)
    return _as_text(found[1 if expression.groups else 0], longest) if found else None


def _steps(written: str) -> tuple[Step, ...]:
    """Read `$.messages[0].id`, `messages.0.id` or `["odd.key"].id`."""
    path = written.removeprefix("$")
    steps: list[Step] = []
    end = 0
    for found in _STEP.finditer(path):
        if found.start() != end:
            break
        end = found.end()
        steps.append(int(found[2]) if found[2] else found[1] or found[3])
    if end != len(path):
        raise RuleError(RULE_PATH, written)
    return tuple(steps)


def _walk(document: Any, steps: Sequence[Step]) -> Any:
    for step in steps:
        document = _go(document, step)
        if document is None:
            return None
    return document


def _go(node: Any, step: Step) -> Any:
    if isinstance(node, Mapping):
        return node.get(str(step))
    if isinstance(node, list) and str(step).isdecimal():
        return node[int(step)] if int(step) < len(node) else None
    return None


def as_code(said: str) -> str:
    """Return a gateway's own code as one word that fits where codes are stored."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", said).strip("_")[:20]


def vendor_code(said: str) -> str:
    """Return a gateway's own code so that nobody takes it for one of a mobile network."""
    return f"VENDOR_{as_code(said)}" if as_code(said) else ""


def _items(found: Any) -> list[Any]:
    if isinstance(found, list):
        return found
    return _some([] if found is None else [found])


def _some(items: list[Any]) -> list[Any]:
    """Refuse a document without the place of the items; an empty list in it is none."""
    if not items:
        raise DocumentUnreadable("nothing was found where receipts should be")
    return items


def as_id(found: str | None) -> str | None:
    """Return what names a message: false, 0 and null are how gateways write that nothing does."""
    word = (found or "").lower()
    return None if word in _NO_IDS or not word.strip("0") else found


def keys_of(document: Any) -> list[str]:
    """Return names of fields for the log, never values: at most 30, of two levels."""
    if isinstance(document, str):
        names: list[Any] = [found[1] for found in _TAG.finditer(document[:10_000])]
    else:
        names = [key for node in _two_levels(document) for key in islice(node, 30)]
    return list(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))[:30]


def _two_levels(document: Any) -> list[Mapping[str, Any]]:
    tops = [node for node in _nodes(document) if isinstance(node, Mapping)]
    below = [node for top in tops for value in islice(top.values(), 30) for node in _nodes(value)]
    return [*tops, *(node for node in below if isinstance(node, Mapping))]


def _nodes(value: Any) -> list[Any]:
    return value[:1] if isinstance(value, list) else [value]


def _as_text(value: Any, longest: int = LONGEST_VALUE) -> str | None:
    """Return a single value as text; what is empty, a list or an object is not a value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # No database takes NUL or half a surrogate pair.
        plain = value.replace("\0", "").encode("utf-8", "replace").decode()
        return plain.strip()[:longest] or None
    return None
