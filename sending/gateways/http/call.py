"""A submit request as an HTTP request, each value escaped for the place where it stands."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.sax.saxutils import escape as xml_escape

from sending.gateways.base import GatewayConfig, SubmitRequest
from sending.gateways.http.fields import values_of
from sending.gateways.http.pattern import JsonPattern, Pattern, Values
from sending.gateways.http.settings import RequestSettings

_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "text/xml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
_HEADER_VALUE = re.compile(r"[\x20-\x7e\t]*")
# What XML 1.0 clause 2.2 allows; no escape exists for the rest.
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request, complete."""

    method: str
    target: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)


def to_call(request: SubmitRequest, settings: RequestSettings, config: GatewayConfig) -> Call:
    """Fill the patterns; raise ValueError when a value does not fit into its place."""
    values = values_of(request, config)
    body = _body(settings, values)
    return Call(
        method=settings.method,
        target=settings.target.render(values, _percent),
        headers=tuple(_headers(settings, values, len(body))),
        body=body,
    )


def _percent(value: str) -> str:
    """Escape for a path, a query or a form: every octet that is not unreserved (RFC 3986, 2.3)."""
    return quote(value, safe="")


def _xml(value: str) -> str:
    if unfit := _NOT_XML.search(value):
        raise ValueError(f"XML cannot hold U+{ord(unfit[0]):04X}")
    return xml_escape(value, {'"': "&quot;", "'": "&apos;"})


def _body(settings: RequestSettings, values: Values) -> bytes:
    pattern = settings.body
    if pattern is None:
        return b""
    if isinstance(pattern, JsonPattern):
        return pattern.render(values).encode()
    return _render(pattern, settings.body_kind, values).encode()


def _render(pattern: Pattern, kind: str, values: Values) -> str:
    if kind == "form":
        return pattern.render(values, _percent)
    return pattern.render(values, _xml) if kind == "xml" else pattern.render(values)


def _headers(settings: RequestSettings, values: Values, length: int) -> list[tuple[str, str]]:
    """Return all headers; the operator's own replace those that a kind of body brings along."""
    own = [(name, _one_line(pattern.render(values))) for name, pattern in settings.headers]
    given = {
        "Host": settings.origin.authority,
        "Accept-Encoding": "identity",
        "User-Agent": "sms-console",
    }
    if settings.body is not None:
        given["Content-Type"] = _TYPES[settings.body_kind]
    if settings.method != "GET" or length:
        given["Content-Length"] = str(length)
    if authorization := _authorization(settings, values):
        given["Authorization"] = authorization
    replaced = {name.lower() for name, _ in own}
    return [pair for pair in given.items() if pair[0].lower() not in replaced] + own


def _authorization(settings: RequestSettings, values: Values) -> str:
    if settings.authentication == "bearer":
        return _one_line(f"Bearer {values['secret']}")
    if settings.authentication == "basic":
        pair = f"{values['username']}:{values['secret']}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"
    return ""


def _one_line(value: str) -> str:
    if not _HEADER_VALUE.fullmatch(value):
        raise ValueError("a header holds ASCII on one line only")
    return value.strip()
