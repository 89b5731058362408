"""TLS towards a gateway: whom we trust and who we are, from the PEM texts of the settings."""

from __future__ import annotations

import secrets
import ssl
import tempfile
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from sending.gateways.base import Tls

CERTIFICATE_UNREADABLE = "CERTIFICATE_UNREADABLE"
PRIVATE_KEY_INSIDE = "PRIVATE_KEY_INSIDE"
KEY_UNREADABLE = "KEY_UNREADABLE"
KEY_PROTECTED = "KEY_PROTECTED"
KEY_OF_ANOTHER = "KEY_OF_ANOTHER"
REFUSED_BY_TLS = "REFUSED_BY_TLS"
CODES = (
    CERTIFICATE_UNREADABLE, PRIVATE_KEY_INSIDE, KEY_UNREADABLE, KEY_PROTECTED, KEY_OF_ANOTHER,
    REFUSED_BY_TLS,
)  # fmt: skip


class PemError(ValueError):
    """A PEM text that cannot be used: one of CODES, never a word of the text itself."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_certificates(pem: str) -> list[x509.Certificate]:
    """Return the certificates of a PEM text, at least one; raise PemError.

    A private key among them is refused: certificates are stored and shown as they are.
    """
    if "PRIVATE KEY" in pem:
        raise PemError(PRIVATE_KEY_INSIDE)
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError as error:
        raise PemError(CERTIFICATE_UNREADABLE) from error


def read_key(pem: str) -> PrivateKeyTypes:
    """Return the private key of a PEM text; raise PemError."""
    try:
        return serialization.load_pem_private_key(pem.encode(), password=None)
    except TypeError as error:
        raise PemError(KEY_PROTECTED) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise PemError(KEY_UNREADABLE) from error


def check_pair(certificate: str, key: str) -> None:
    """Raise PemError unless the key belongs to the first certificate and TLS takes both."""
    own = read_certificates(certificate)[0]
    if _public(own.public_key()) != _public(read_key(key).public_key()):
        raise PemError(KEY_OF_ANOTHER)
    try:
        tls_context(Tls(certificate=certificate, key=key))
    except ssl.SSLError as error:
        raise PemError(REFUSED_BY_TLS) from error


def first_to_expire(tls: Tls) -> datetime | None:
    """Return when the first of the certificates in the settings expires; None without any.

    Raise PemError.
    """
    texts = [text for text in (tls.ca, tls.certificate) if text]
    ends = (one.not_valid_after_utc for text in texts for one in read_certificates(text))
    return min(ends, default=None)


def tls_context(tls: Tls) -> ssl.SSLContext:
    """Return what the settings ask for; raise PemError, or OSError for what TLS refuses.

    Own authorities stand in for those of the machine. The gateway's certificate is always verified.
    """
    context = ssl.create_default_context(cadata=tls.ca or None)
    if tls.certificate:
        _introduce(context, tls)
    return context


def _introduce(context: ssl.SSLContext, tls: Tls) -> None:
    """Give the context our certificate and key.

    The ssl module reads them from files only. One that a killed process leaves behind holds no key
    that anybody can use: its passphrase was never written down.
    """
    passphrase = secrets.token_urlsafe(32)
    key = read_key(tls.key).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(tls.certificate.encode() + b"\n" + key)
        file.flush()
        context.load_cert_chain(file.name, password=passphrase)


def _public(key: object) -> bytes:
    read: bytes = key.public_bytes(  # type: ignore[attr-defined]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return read
