"""Why a gateway could not be reached: what the operating system or TLS said, as a code."""

from __future__ import annotations

import socket
import ssl

from sending.gateways.base import Unreachable

NAME_UNKNOWN = "NAME_UNKNOWN"
ADDRESS_REFUSED = "ADDRESS_REFUSED"
PORT_CLOSED = "PORT_CLOSED"
NO_CONNECTION_IN_TIME = "NO_CONNECTION_IN_TIME"
CONNECTION_CUT = "CONNECTION_CUT"
NETWORK = "NETWORK"
TLS_EXPIRED = "TLS_EXPIRED"
TLS_OTHER_NAME = "TLS_OTHER_NAME"
TLS_UNTRUSTED = "TLS_UNTRUSTED"
TLS_REFUSED_US = "TLS_REFUSED_US"
TLS_NOT_SPOKEN = "TLS_NOT_SPOKEN"
TLS_CUT = "TLS_CUT"
TLS_SILENT = "TLS_SILENT"
TLS_FAILED = "TLS_FAILED"
TLS_SETTINGS = "TLS_SETTINGS"
SETTINGS = "SETTINGS"
BIND_UNANSWERED = "BIND_UNANSWERED"
HTTP_SPOKEN = "HTTP_SPOKEN"
SMTP_SPOKEN = "SMTP_SPOKEN"
TLS_SPOKEN = "TLS_SPOKEN"
NOT_SMPP = "NOT_SMPP"
ENQUIRY_UNANSWERED = "ENQUIRY_UNANSWERED"
CONNECTION_LOST = "CONNECTION_LOST"
CODES = (
    NAME_UNKNOWN, ADDRESS_REFUSED, PORT_CLOSED, NO_CONNECTION_IN_TIME, CONNECTION_CUT, NETWORK,
    TLS_EXPIRED, TLS_OTHER_NAME, TLS_UNTRUSTED, TLS_REFUSED_US, TLS_NOT_SPOKEN, TLS_CUT, TLS_FAILED,
    TLS_SETTINGS, TLS_SILENT, SETTINGS, BIND_UNANSWERED, HTTP_SPOKEN, SMTP_SPOKEN, TLS_SPOKEN,
    NOT_SMPP, ENQUIRY_UNANSWERED, CONNECTION_LOST,
)  # fmt: skip

_KINDS = (
    (socket.gaierror, NAME_UNKNOWN),
    (ConnectionRefusedError, PORT_CLOSED),
    (TimeoutError, NO_CONNECTION_IN_TIME),
    (ConnectionError, CONNECTION_CUT),
)
# Of OpenSSL's X509_V_ERR_*: the verify_code of a certificate that is refused.
_HAS_EXPIRED = 10
_OTHER_NAMES = frozenset({62, 64})
_SHOWN = 40
# What the other side says of our certificate, or of its absence (RFC 8446, 6.2).
_ABOUT_US = ("CERTIFICATE", "UNKNOWN_CA", "HANDSHAKE_FAILURE", "ACCESS_DENIED")


def unreachable(error: OSError, *, tls: bool = False) -> Unreachable:
    """Return the error in our words; `detail` is what nobody can say better.

    `tls`: it came of a connection that TLS was to protect.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(_verification(error.verify_code), error.verify_message)
    if isinstance(error, ssl.SSLError):
        return Unreachable(_handshake(error.reason or ""), error.reason or "")
    if tls and isinstance(error, ConnectionAbortedError) and "handshake" in str(error):
        return Unreachable(TLS_SILENT)
    for kind, code in _KINDS:
        if isinstance(error, kind):
            return Unreachable(TLS_CUT if tls and code == CONNECTION_CUT else code)
    return Unreachable(NETWORK, error.strerror or str(error))


def _verification(verify_code: int) -> str:
    if verify_code == _HAS_EXPIRED:
        return TLS_EXPIRED
    return TLS_OTHER_NAME if verify_code in _OTHER_NAMES else TLS_UNTRUSTED


def _handshake(reason: str) -> str:
    if "ALERT" in reason and any(word in reason for word in _ABOUT_US):
        return TLS_REFUSED_US
    if reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        return TLS_NOT_SPOKEN
    return TLS_FAILED


# How others begin: an answer of HTTP (RFC 9112) or a page, a greeting of SMTP (RFC 5321), and a
# record of TLS (RFC 8446, 5.1): an alert, or a handshake.
_BEGINNINGS = (
    ((b"HTTP/", b"<"), HTTP_SPOKEN),
    ((b"220 ", b"220-", b"421 ", b"554 "), SMTP_SPOKEN),
    ((b"\x15\x03", b"\x16\x03"), TLS_SPOKEN),
)


def spoken_instead(octets: bytes) -> Unreachable:
    """Return what a port speaks that was to speak SMPP; `detail` is how it begins, as text."""
    code = next((code for begin, code in _BEGINNINGS if octets.startswith(begin)), NOT_SMPP)
    line = octets.splitlines()[0] if octets.splitlines() else b""
    text = line[:_SHOWN].decode("ascii", "replace")
    return Unreachable(code, text if code != TLS_SPOKEN and text.isprintable() else "")
