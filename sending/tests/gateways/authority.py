"""A certificate authority made in a test, and the certificates that it signs."""

import datetime
import ipaddress
import ssl
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, as PEM texts."""

    certificate: str
    key: str


class Authority:
    """Signs certificates; `pem` is its own."""

    def __init__(self, words="authority"):
        self._name = _name(words)
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.pem = self._sign(self._name, self._key, is_authority=True, days=1, address="127.0.0.1")

    def issue(self, words, *, days=1, address="127.0.0.1"):
        """A certificate that ends in so many days; a negative number has passed."""
        key = ec.generate_private_key(ec.SECP256R1())
        signed = self._sign(_name(words), key, is_authority=False, days=days, address=address)
        return Issued(signed, pem_of(key))

    def _sign(self, name, key, *, is_authority, days, address):
        now = datetime.datetime.now(datetime.UTC)
        names = x509.SubjectAlternativeName([_place(address)])
        built = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 30 * DAY)
            .not_valid_after(now + days * DAY)
            .add_extension(x509.BasicConstraints(is_authority, path_length=None), critical=True)
            .add_extension(names, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return built.public_bytes(serialization.Encoding.PEM).decode()


def pem_of(key, passphrase=None):
    """A private key as PEM text."""
    how = serialization.NoEncryption()
    if passphrase:
        how = serialization.BestAvailableEncryption(passphrase)
    octets = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)
    return octets.decode()


def server_context(folder, issued, *, asks=None, version=None):
    """What a server with this certificate uses; `asks` are the authorities of its clients."""
    path = folder / "server.pem"
    path.write_text(issued.certificate + issued.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    if asks:
        context.load_verify_locations(cadata=asks)
        context.verify_mode = ssl.CERT_REQUIRED
    if version:
        context.maximum_version = version
    return context


def _place(address):
    """What a certificate is for: an IP address, or a host name."""
    try:
        return x509.IPAddress(ipaddress.ip_address(address))
    except ValueError:
        return x509.DNSName(address)


def _name(words):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])
