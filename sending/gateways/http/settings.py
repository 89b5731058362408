"""The settings of an HTTP gateway: texts as the operator wrote them, read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast
from urllib.parse import urlsplit

from sending.gateways.http import pattern, rules
from sending.gateways.http.pattern import JsonPattern, Pattern, PatternError
from sending.gateways.http.rules import Finder, Format, MultiFinder, RuleError, Splitter

T = TypeVar("T")

METHODS = ("POST", "GET", "PUT")
AUTHENTICATIONS = ("none", "basic", "bearer")
BODIES = ("none", "json", "form", "xml", "text")
# What a receipt of a long text speaks of: all of it, or one part, and nothing says which.
WHOLE_TEXT, ONE_PART = "whole", "part"
RECEIPT_COVERS = (WHOLE_TEXT, ONE_PART)
# The states a receipt may be given (SMPP 3.4, 5.2.28).
STATES = (
    "DELIVERED",
    "UNDELIVERABLE",
    "EXPIRED",
    "REJECTED",
    "DELETED",
    "ENROUTE",
    "ACCEPTED",
    "UNKNOWN",
)

REQUIRED = "REQUIRED"
CHOICE = "CHOICE"
URL = "URL"
URL_FIELD = "URL_FIELD"
HEADER = "HEADER"
HEADER_OURS = "HEADER_OURS"
STATUS_LINE = "STATUS_LINE"
STATUS_STATE = "STATUS_STATE"

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
# The transport writes these itself; a second one would change what the octets mean.
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect", "te"})


class SettingsError(ValueError):
    """A setting that cannot be used: `field` names it, `code` is stable, `what` is wrong in it."""

    def __init__(self, field: str, code: str, what: str = "") -> None:
        super().__init__(f"{field}: {code} {what}".strip())
        self.field = field
        self.code = code
        self.what = what


@dataclass(frozen=True, slots=True)
class Origin:
    """Where requests go (RFC 9110 clause 4.3.1)."""

    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        """Return the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == default else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class RequestSettings:
    """How a message becomes a request. `target` is path and query."""

    origin: Origin
    method: str
    target: Pattern
    authentication: str
    headers: tuple[tuple[str, Pattern], ...]
    body_kind: str
    body: Pattern | JsonPattern | None


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How an answer is understood. Without `message_ids` our own reference is the id.

    The three sets hold the gateway's error codes, or `HTTP_` and a status, in lower case.
    """

    format: Format
    success: Finder | None
    success_values: frozenset[str]
    message_ids: MultiFinder | None
    error: Finder | None
    permanent: frozenset[str]
    temporary: frozenset[str]
    throttled: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReplyRules:
    """Where in an item stands what a handset sent."""

    source: Finder
    text: Finder
    destination: Finder | None


@dataclass(frozen=True, slots=True)
class ReceiptSettings:
    """How a receipt is understood. `states` are keyed by the gateway's word, in lower case.

    With `reply` the same requests may bring what handsets sent. What a request is signed with
    covers its body and, behind it, what `timestamp_header` holds, if there is one.
    """

    format: Format
    items: Splitter
    message_id: Finder
    status: Finder
    error: Finder | None
    msisdn: Finder | None
    states: Mapping[str, str]
    signature_header: str
    timestamp_header: str
    reply: ReplyRules | None


def request_settings(given: Mapping[str, str]) -> RequestSettings:
    """Read how requests are made; raise SettingsError."""
    origin, target = _url(given)
    kind = _choice(given, "body_kind", BODIES)
    return RequestSettings(
        origin=origin,
        method=_choice(given, "method", METHODS),
        target=target,
        authentication=_choice(given, "authentication", AUTHENTICATIONS),
        headers=_headers(given),
        body_kind=kind,
        body=_body(given, kind),
    )


def answer_settings(given: Mapping[str, str]) -> AnswerSettings:
    """Read how answers are understood; raise SettingsError."""
    form = cast(Format, _choice(given, "answer_format", ("json", "text")))
    success = _finder(given, "success_rule", form)
    values = _values(given, "success_values")
    if success and not values:
        raise SettingsError("success_values", REQUIRED)
    id_rule = given.get("message_id_rule", "").strip()
    return AnswerSettings(
        format=form,
        success=success,
        success_values=values,
        message_ids=_ruled("message_id_rule", lambda: rules.multi_finder(id_rule, form))
        if id_rule
        else None,
        error=_finder(given, "error_rule", form),
        permanent=_codes(given, "permanent_codes"),
        temporary=_codes(given, "temporary_codes"),
        throttled=_codes(given, "throttled_codes"),
    )


def receipt_settings(given: Mapping[str, str]) -> ReceiptSettings | None:
    """Read how receipts and replies are understood; raise SettingsError.

    None for a gateway that brings neither.
    """
    form = cast(Format, _choice(given, "receipt_format", rules.FORMATS))
    message_id = _finder(given, "receipt_id_rule", form)
    status = _finder(given, "receipt_status_rule", form)
    reply = _reply_rules(given, form)
    brings_receipts = message_id is not None or status is not None
    if not brings_receipts and reply is None:
        return None
    if message_id is None and brings_receipts:
        raise SettingsError("receipt_id_rule", REQUIRED)
    if status is None and brings_receipts:
        raise SettingsError("receipt_status_rule", REQUIRED)
    signature_header = _header_name(given, "receipt_signature_header")
    timestamp_header = _header_name(given, "receipt_timestamp_header")
    if timestamp_header and not signature_header:
        raise SettingsError("receipt_signature_header", REQUIRED)
    _choice(given, "receipt_covers", RECEIPT_COVERS)
    items = given.get("receipt_items_rule", "").strip()
    return ReceiptSettings(
        format=form,
        items=_ruled("receipt_items_rule", lambda: rules.splitter(items, form)),
        message_id=message_id or _nowhere,
        status=status or _nowhere,
        error=_finder(given, "receipt_error_rule", form),
        msisdn=_finder(given, "receipt_number_rule", form),
        states=_states(given) if brings_receipts else {},
        signature_header=signature_header,
        timestamp_header=timestamp_header,
        reply=reply,
    )


def _nowhere(_document: object) -> None:
    """Find nothing: the gateway brings no receipts."""


def _reply_rules(given: Mapping[str, str], form: Format) -> ReplyRules | None:
    source = _finder(given, "reply_source_rule", form)
    text = _finder(given, "reply_text_rule", form, rules.LONGEST_TEXT)
    destination = _finder(given, "reply_destination_rule", form)
    if source is None and text is None and destination is None:
        return None
    if source is None:
        raise SettingsError("reply_source_rule", REQUIRED)
    if text is None:
        raise SettingsError("reply_text_rule", REQUIRED)
    return ReplyRules(source, text, destination)


def _choice(given: Mapping[str, str], field: str, choices: tuple[str, ...]) -> str:
    chosen = given.get(field) or choices[0]
    if chosen not in choices:
        raise SettingsError(field, CHOICE, chosen)
    return chosen


def _url(given: Mapping[str, str]) -> tuple[Origin, Pattern]:
    url = given.get("url", "").strip()
    if not url:
        raise SettingsError("url", REQUIRED)
    # Only what stands before the first field can be the origin.
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingsError("url", URL, url) from error
    unfit = parts.scheme not in {"https", "http"} or not parts.hostname or parts.fragment
    if unfit or "@" in parts.netloc or not re.fullmatch(r"[\x21-\x7e]+", url):
        raise SettingsError("url", URL, url)
    if "{" in parts.netloc:
        raise SettingsError("url", URL_FIELD, parts.netloc)
    assert parts.hostname is not None
    origin = Origin(parts.scheme, parts.hostname, port or {"https": 443, "http": 80}[parts.scheme])
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return origin, _ruled("url", lambda: pattern.parse(target))


def _headers(given: Mapping[str, str]) -> tuple[tuple[str, Pattern], ...]:
    headers: list[tuple[str, Pattern]] = []
    for line in _lines(given, "headers"):
        name, colon, value = line.partition(":")
        if not colon or not _HEADER_NAME.fullmatch(name.strip()) or not value.isascii():
            raise SettingsError("headers", HEADER, line)
        if name.strip().lower() in _OURS:
            raise SettingsError("headers", HEADER_OURS, name.strip())
        headers.append((name.strip(), _header_value(value.strip())))
    return tuple(headers)


def _header_name(given: Mapping[str, str], field: str) -> str:
    name = given.get(field, "").strip()
    if name and not _HEADER_NAME.fullmatch(name):
        raise SettingsError(field, HEADER, name)
    return name


def _header_value(written: str) -> Pattern:
    return _ruled("headers", lambda: pattern.parse(written))


def _body(given: Mapping[str, str], kind: str) -> Pattern | JsonPattern | None:
    written = given.get("body", "").strip()
    if kind == "none":
        return None
    if not written:
        raise SettingsError("body", REQUIRED)
    if kind == "json":
        return _ruled("body", lambda: pattern.parse_json(written))
    if kind == "form":
        # Long forms are written one field a line.
        written = "&".join(line.strip().strip("&") for line in written.splitlines())
    return _ruled("body", lambda: pattern.parse(written))


def _finder(
    given: Mapping[str, str], field: str, form: Format, longest: int = rules.LONGEST_VALUE
) -> Finder | None:
    written = given.get(field, "").strip()
    return _ruled(field, lambda: rules.finder(written, form, longest)) if written else None


def _ruled(field: str, read: Callable[[], T]) -> T:
    """Read one setting; say which one it was when it is wrong."""
    try:
        return read()
    except (PatternError, RuleError) as error:
        raise SettingsError(field, error.code, error.what) from error


def _lines(given: Mapping[str, str], field: str) -> list[str]:
    lines = (line.strip() for line in given.get(field, "").splitlines())
    return [line for line in lines if line]


def _codes(given: Mapping[str, str], field: str) -> frozenset[str]:
    return frozenset(rules.as_code(value) for value in _values(given, field))


def _values(given: Mapping[str, str], field: str) -> frozenset[str]:
    written = re.split(r"[\n,;]", given.get(field, ""))
    return frozenset(value.strip().lower() for value in written) - {""}


def _states(given: Mapping[str, str]) -> dict[str, str]:
    """Read lines such as `delivered = DELIVERED`."""
    states: dict[str, str] = {}
    for line in _lines(given, "receipt_states"):
        word, equals, state = line.rpartition("=")
        if not equals or not word.strip():
            raise SettingsError("receipt_states", STATUS_LINE, line)
        if state.strip().upper() not in STATES:
            raise SettingsError("receipt_states", STATUS_STATE, state.strip())
        states[word.strip().lower()] = state.strip().upper()
    if not states:
        raise SettingsError("receipt_states", REQUIRED)
    return states
