"""What a parameter is, and reading it: a wrong type is refused, and never iterated."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

INTEGER_MAX = 2**63 - 1
# PostgreSQL keeps no NUL, and half of a surrogate pair is no character. Images have millions.
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")


class TencentError(Exception):
    """The whole request is refused: `code` is one of `error_codes.ERROR_CODES`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class JsonKind(StrEnum):
    """What a value is in JSON; OBJECT only inside a list, and in answers."""

    STRING = "string"
    INTEGER = "integer"
    OBJECT = "object"


class ShownAs(StrEnum):
    """How the request log shows a value: as it is, masked, or by its length alone."""

    PLAIN = "plain"
    MASKED = "masked"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class ApiField:
    """A parameter or a field of an answer.

    `least` and `most` bound an integer, or the characters of a string; `most_bytes` its UTF-8.
    `most_items` bounds a list. `choices` lists integers that are allowed. A code that stands beside
    a bound is what is answered when the bound is broken.
    """

    name: str
    kind: JsonKind
    doc: str | Promise
    is_required: bool = False
    is_list: bool = False
    least: int = 0
    most: int = INTEGER_MAX
    most_bytes: int = 0
    most_items: int = 0
    choices: tuple[int, ...] = ()
    fields: tuple["ApiField", ...] = ()
    is_null: bool = False
    shown: ShownAs = ShownAs.PLAIN
    empty_code: str = "MissingParameter"
    items_code: str = "InvalidParameterValue"
    value_code: str = "InvalidParameterValue"
    example: Any = None


def text(name: str, doc: str | Promise, most: int = 200, **rest: Any) -> ApiField:
    """Return a string."""
    return ApiField(name, JsonKind.STRING, doc, most=most, **rest)


def integer(name: str, doc: str | Promise, **rest: Any) -> ApiField:
    """Return an integer."""
    return ApiField(name, JsonKind.INTEGER, doc, **rest)


def texts(name: str, doc: str | Promise, most_items: int, most: int = 200, **rest: Any) -> ApiField:
    """Return a list of strings."""
    return ApiField(
        name, JsonKind.STRING, doc, is_list=True, most=most, most_items=most_items, **rest
    )


def integers(name: str, doc: str | Promise, most_items: int, **rest: Any) -> ApiField:
    """Return a list of integers."""
    return ApiField(name, JsonKind.INTEGER, doc, is_list=True, most_items=most_items, **rest)


def objects(
    name: str, doc: str | Promise, fields: tuple[ApiField, ...], most_items: int = 0, **rest: Any
) -> ApiField:
    """Return a list of objects."""
    return ApiField(
        name, JsonKind.OBJECT, doc, is_list=True, fields=fields, most_items=most_items, **rest
    )


def an_object(name: str, doc: str | Promise, fields: tuple[ApiField, ...], **rest: Any) -> ApiField:
    """Return one object, as answers have them."""
    return ApiField(name, JsonKind.OBJECT, doc, fields=fields, **rest)


def read(
    fields: Sequence[ApiField], given: Mapping[str, Any], path: str = "", *, as_text: bool = False
) -> dict[str, Any]:
    """Return what is known of the parameters by name; what was not given is missing, null too.

    `as_text`: they came in an address, where integers are written as text. Raises TencentError.
    """
    known = {field.name: field for field in fields}
    for name in given:
        if name not in known:
            raise TencentError(
                "UnknownParameter",
                _("“%(name)s” is not a parameter of this action. Remove it, or check its spelling.")
                % {"name": f"{path}{name[:60]}"},
            )
    values: dict[str, Any] = {}
    for field in fields:
        value = given.get(field.name)
        if value is None:
            if field.is_required:
                raise _missing(field, path)
            continue
        values[field.name] = _value(field, value, path + field.name, as_text=as_text)
    return values


def _missing(field: ApiField, path: str) -> TencentError:
    name = {"name": path + field.name}
    return TencentError(field.empty_code, _("“%(name)s” is missing. Add it.") % name)


def _value(field: ApiField, value: Any, path: str, *, as_text: bool) -> Any:
    if not field.is_list:
        return _one(field, value, path, as_text=as_text)
    if not isinstance(value, list):
        raise _wrong_type(path, _("a list"))
    if not value and field.is_required:
        raise TencentError(field.empty_code, _("“%(name)s” is empty.") % {"name": path})
    if len(value) > field.most_items:
        raise TencentError(
            field.items_code,
            _("“%(name)s” has %(count)s items, and at most %(most)s are allowed at a time.")
            % {"name": path, "count": len(value), "most": field.most_items},
        )
    item = replace(field, is_list=False)
    return [_one(item, one, f"{path}.{place}", as_text=as_text) for place, one in enumerate(value)]


def _one(field: ApiField, value: Any, path: str, *, as_text: bool) -> Any:
    if field.kind is JsonKind.OBJECT:
        if not isinstance(value, dict):
            raise _wrong_type(path, _("an object"))
        return read(field.fields, value, f"{path}.", as_text=as_text)
    if field.kind is JsonKind.INTEGER:
        return _integer(field, value, path, as_text=as_text)
    return _text(field, value, path)


def _integer(field: ApiField, value: Any, path: str, *, as_text: bool) -> int:
    if as_text and isinstance(value, str):
        digits = value.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 19):
            raise _wrong_type(path, _("an integer"))
        value = int(value)
    # True is an integer in Python, and none in JSON.
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong_type(path, _("an integer"))
    if field.choices and value not in field.choices:
        raise TencentError(
            field.value_code,
            _("“%(name)s” must be one of: %(choices)s.")
            % {"name": path, "choices": ", ".join(map(str, field.choices))},
        )
    if not field.least <= value <= field.most:
        raise TencentError(
            field.value_code,
            _("“%(name)s” must be from %(least)s to %(most)s.")
            % {"name": path, "least": field.least, "most": field.most},
        )
    return value


def _text(field: ApiField, value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong_type(path, _("a string"))
    if len(value) > field.most or (field.most_bytes and _bytes(value) > field.most_bytes):
        most = field.most_bytes or field.most
        unit = _("bytes in UTF-8") if field.most_bytes else _("characters")
        raise TencentError(
            field.value_code,
            _("“%(name)s” is too long. Shorten it to %(most)s %(unit)s or fewer.")
            % {"name": path, "most": most, "unit": unit},
        )
    if len(value) < field.least:
        raise TencentError(
            field.empty_code if not value else field.value_code,
            _("“%(name)s” is too short: it needs at least %(least)s characters.")
            % {"name": path, "least": field.least},
        )
    if _NO_CHARACTER.search(value):
        raise TencentError(
            "InvalidParameterValue",
            _("“%(name)s” has a character that is none: NUL, or half of a surrogate pair.")
            % {"name": path},
        )
    return value


def _bytes(value: str) -> int:
    return len(value.encode("utf-8", errors="surrogatepass"))


def _wrong_type(path: str, wanted: str) -> TencentError:
    return TencentError(
        "InvalidParameter",
        _("“%(name)s” must be %(wanted)s. Send it with that type.")
        % {"name": path, "wanted": wanted},
    )
