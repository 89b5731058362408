"""TC3-HMAC-SHA256: the signature of a request, over the octets as they came. No framework."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

ALGORITHM = "TC3-HMAC-SHA256"
SERVICE = "sms"
SCOPE_END = "tc3_request"
WINDOW_SECONDS = 300
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
NEEDED_HEADERS = frozenset({"content-type", "host"})
LONGEST_AUTHORIZATION = 2048

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_HEADER = "[A-Za-z0-9-]{1,100}"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM}[ \t]+Credential=(?P<id>[^/,\s]{{1,100}})/(?P<date>{_DATE})"
    rf"/(?P<service>[^/,\s]{{1,100}})/{SCOPE_END}[ \t]*,"
    rf"[ \t]*SignedHeaders=(?P<headers>{_HEADER}(?:;{_HEADER}){{0,31}})[ \t]*,"
    r"[ \t]*Signature=(?P<signature>[0-9a-f]{64})"
)
_PORT = re.compile(r":[0-9]{1,5}\Z")


@dataclass(frozen=True, slots=True)
class Authorization:
    """What an Authorization header says.

    Node's SDK takes the first word of the endpoint for the service, whatever it is; the signing key
    follows from it.
    """

    secret_id: str
    date: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """The octets that a signature covers; `headers` by lower-case name, as sent."""

    method: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    timestamp: int


def read_authorization(header: str) -> Authorization | None:
    """Return what the header says; None when it is malformed, or of another method."""
    if len(header) > LONGEST_AUTHORIZATION:
        return None
    found = _AUTHORIZATION.fullmatch(header.strip())
    if found is None:
        return None
    names = tuple(name.lower() for name in found["headers"].split(";"))
    return Authorization(found["id"], found["date"], found["service"], names, found["signature"])


def utc_date(timestamp: int) -> str:
    """Return the UTC day of a time in Unix seconds as YYYY-MM-DD; empty where there is none."""
    try:
        return f"{datetime.fromtimestamp(timestamp, UTC):%Y-%m-%d}"
    except (OverflowError, ValueError, OSError):
        return ""


def is_signed(authorization: Authorization, secret_key: str, request: SignedRequest) -> bool:
    """Tell whether the signature is the request's.

    Values of headers are taken trimmed as they were sent, which is what SDKs sign, then in lower
    case, as the documentation has it; the host with its port, then without, as Node's SDK signs.
    """
    key = _signing_key(secret_key, authorization.date, authorization.service)
    given = authorization.signature.encode()
    fits = [
        hmac.compare_digest(_signature(key, authorization, canonical, request.timestamp), given)
        for canonical in _canonical_requests(authorization, request)
    ]
    return any(fits)


def _canonical_requests(authorization: Authorization, request: SignedRequest) -> list[bytes]:
    """Return the readings of a request, each once."""
    as_sent = {name: request.headers.get(name, "").strip() for name in authorization.signed_headers}
    in_lower_case = {name: value.lower() for name, value in as_sent.items()}
    payload = _payload_hash(request)
    canonical = [
        _canonical(authorization, request, headers | host, payload)
        for headers in (as_sent, in_lower_case)
        for host in ({}, {"host": _PORT.sub("", headers.get("host", ""))})
    ]
    return list(dict.fromkeys(canonical))


def _canonical(
    authorization: Authorization,
    request: SignedRequest,
    headers: Mapping[str, str],
    payload: str,
) -> bytes:
    lines = "".join(f"{name}:{headers[name]}\n" for name in authorization.signed_headers)
    names = ";".join(authorization.signed_headers)
    parts = (request.method, "/", request.query, lines, names, payload)
    # Web servers hand on the octets of a head as Latin-1.
    return "\n".join(parts).encode("latin-1", errors="replace")


def _payload_hash(request: SignedRequest) -> str:
    if request.headers.get("x-tc-content-sha256", "").strip() == UNSIGNED_PAYLOAD:
        return hashlib.sha256(UNSIGNED_PAYLOAD.encode()).hexdigest()
    body = b"" if request.method == "GET" else request.body
    return hashlib.sha256(body).hexdigest()


def _signature(key: bytes, authorization: Authorization, canonical: bytes, timestamp: int) -> bytes:
    to_sign = _to_sign(authorization, canonical, timestamp)
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest().encode()


def _to_sign(authorization: Authorization, canonical: bytes, timestamp: int) -> str:
    scope = f"{authorization.date}/{authorization.service}/{SCOPE_END}"
    digest = hashlib.sha256(canonical).hexdigest()
    return f"{ALGORITHM}\n{timestamp}\n{scope}\n{digest}"


def _signing_key(secret_key: str, date: str, service: str) -> bytes:
    key = ("TC3" + secret_key).encode()
    for part in (date, service, SCOPE_END):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


@dataclass(frozen=True, slots=True)
class Signed:
    """How a request was signed, step by step; nothing in it tells the key."""

    canonical: str
    to_sign: str
    authorization: str


def sign(
    *,
    secret_id: str,
    secret_key: str,
    request: SignedRequest,
    service: str = SERVICE,
    signed_headers: tuple[str, ...] = ("content-type", "host"),
) -> Signed:
    """Sign a request over these headers, given by lower-case name in alphabetical order."""
    date = utc_date(request.timestamp)
    unsigned = Authorization(secret_id, date, service, signed_headers, "")
    headers = {name: request.headers[name].strip() for name in signed_headers}
    canonical = _canonical(unsigned, request, headers, _payload_hash(request))
    to_sign = _to_sign(unsigned, canonical, request.timestamp)
    key = _signing_key(secret_key, date, service)
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return Signed(
        canonical.decode("utf-8", errors="surrogateescape"),
        to_sign,
        f"{ALGORITHM} Credential={secret_id}/{date}/{service}/{SCOPE_END}, "
        f"SignedHeaders={';'.join(signed_headers)}, Signature={signature}",
    )


def authorization_for(
    *, secret_id: str, secret_key: str, request: SignedRequest, service: str = SERVICE
) -> str:
    """Return the Authorization header of a request, signed over content type and host."""
    signed = sign(secret_id=secret_id, secret_key=secret_key, request=request, service=service)
    return signed.authorization
