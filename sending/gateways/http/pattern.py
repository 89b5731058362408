"""Patterns: what an operator wrote, with named fields in braces that each request fills."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

# What a pattern may name; `fields.py` fills them.
FIELDS = frozenset(
    {
        "destination",
        "destination_digits",
        "originator",
        "text",
        "text_ucs2_hex",
        "message_id",
        "reference",
        "segments",
        "data_coding",
        "unicode",
        "validity_seconds",
        "validity_minutes",
        "username",
        "secret",
        "receipt_url",
    }
)

PATTERN_UNKNOWN_FIELD = "PATTERN_UNKNOWN_FIELD"
PATTERN_LONE_BRACE = "PATTERN_LONE_BRACE"
PATTERN_NUMBER = "PATTERN_NUMBER"
PATTERN_JSON = "PATTERN_JSON"

_TOKEN = re.compile(r"\{\{|\}\}|\{([A-Za-z0-9_]+)(:number)?\}|[{}]")

Values = Mapping[str, str]
Escape = Callable[[str], str]


class PatternError(ValueError):
    """Not a pattern; `code` is stable, `what` is the part that is wrong."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code} {what}")
        self.code = code
        self.what = what


@dataclass(frozen=True, slots=True)
class Field:
    """A place in a pattern. `number` asks for a JSON number in place of a string."""

    name: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literal text and fields, in order."""

    pieces: tuple[str | Field, ...]

    def render(self, values: Values, escape: Escape = str) -> str:
        """Return the text; every value passes through `escape`, the literal parts do not."""
        return "".join(
            piece if isinstance(piece, str) else escape(values[piece.name]) for piece in self.pieces
        )


def parse(written: str) -> Pattern:
    """Read a pattern: `{field}`, and `{{` for a brace; raise PatternError."""
    pattern = _parse(written)
    for piece in pattern.pieces:
        if isinstance(piece, Field) and piece.number:
            raise PatternError(PATTERN_NUMBER, piece.name)
    return pattern


def _parse(written: str) -> Pattern:
    pieces: list[str | Field] = []
    end = 0
    for found in _TOKEN.finditer(written):
        pieces += [written[end : found.start()], _piece(found)]
        end = found.end()
    pieces.append(written[end:])
    return Pattern(tuple(piece for piece in pieces if piece != ""))


def _piece(found: re.Match[str]) -> str | Field:
    if found[0] in {"{{", "}}"}:
        return found[0][0]
    if found[1] is None:
        raise PatternError(PATTERN_LONE_BRACE, found[0])
    if found[1] not in FIELDS:
        raise PatternError(PATTERN_UNKNOWN_FIELD, found[1])
    return Field(found[1], number=found[2] is not None)


@dataclass(frozen=True, slots=True)
class JsonPattern:
    """A JSON document in whose strings patterns stand, so that no value can break out of it."""

    document: Any

    def render(self, values: Values) -> str:
        """Return the document with all fields filled in; raise ValueError for a wrong number."""
        return json.dumps(_fill(self.document, values), ensure_ascii=False)


def parse_json(written: str) -> JsonPattern:
    """Read a JSON document with patterns in its strings; raise PatternError."""
    try:
        document = json.loads(written)
    except (ValueError, RecursionError) as error:
        raise PatternError(PATTERN_JSON, str(error)) from error
    return JsonPattern(_compile(document))


def _compile(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _compile(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_compile(value) for value in node]
    if not isinstance(node, str):
        return node
    pattern = _parse(node)
    numbers = [piece for piece in pattern.pieces if isinstance(piece, Field) and piece.number]
    if numbers and len(pattern.pieces) > 1:
        raise PatternError(PATTERN_NUMBER, numbers[0].name)
    return numbers[0] if numbers else pattern


def _fill(node: Any, values: Values) -> Any:
    if isinstance(node, dict):
        return {key: _fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_fill(value, values) for value in node]
    if isinstance(node, Field):
        return int(values[node.name])
    return node.render(values) if isinstance(node, Pattern) else node
