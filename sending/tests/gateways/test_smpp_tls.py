"""TLS towards a gateway: its own CA, our own certificate."""

import datetime
import ipaddress
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sending.gateways.base import GatewayConfig
from sending.gateways.registry import build
from sending.gateways.smpp.tls import tls_context
from sending.smpp.server import listen
from sending.smpp.session import SessionLimits
from sending.tests.gateways.test_smpp_gateway import Centre, Inbox
from sending.tests.smpp.wire import on_loop

DAY = datetime.timedelta(days=1)


def name(words):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def certificate(folder, words, issuer=None):
    """Write a certificate and its key; return both paths and what signs with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer_name, issuer_key = issuer or (name(words), key)
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    built = (
        x509.CertificateBuilder()
        .subject_name(name(words))
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    cert_path, key_path = folder / f"{words}.pem", folder / f"{words}.key"
    cert_path.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(cert_path), str(key_path), (name(words), key)


class TlsCentre(Centre):
    """A message centre that wants to know who comes."""

    def __init__(self, folder):
        super().__init__()
        self.ca, _, signer = certificate(folder, "authority")
        certificate_file, key_file, _ = certificate(folder, "centre", signer)
        self.client = certificate(folder, "client", signer)[:2]
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate_file, key_file)
        self._context.load_verify_locations(self.ca)
        self._context.verify_mode = ssl.CERT_REQUIRED
        # Under TLS 1.3 a client learns of its refusal only after the handshake.
        self._context.maximum_version = ssl.TLSVersion.TLSv1_2

    async def __aenter__(self):
        self._server = await listen(self, "127.0.0.1", 0, limits=SessionLimits(), tls=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def config(self, **changes):
        values = {
            "tls": True,
            "tls_ca_file": self.ca,
            "tls_certificate_file": self.client[0],
            "tls_key_file": self.client[1],
        }
        return GatewayConfig("127.0.0.1", self.port, "me", "right", **(values | changes))


@pytest.mark.parametrize("changes", [{}, {"tls_ca_file": None, "tls_verify": False}])
@on_loop
async def test_both_sides_prove_who_they_are(tmp_path, changes):
    async with TlsCentre(tmp_path) as centre:
        gateway = build("smpp", centre.config(**changes))
        await gateway.open(Inbox().store)
        assert gateway.bound
        await gateway.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"tls_ca_file": None},
        {"tls_certificate_file": None},
        {"tls_ca_file": "/nowhere/ca.pem"},
    ],
)
@on_loop
async def test_a_stranger_is_a_connection_error(tmp_path, changes):
    async with TlsCentre(tmp_path) as centre:
        gateway = build("smpp", centre.config(**changes))
        with pytest.raises(ConnectionError):
            await gateway.open(Inbox().store)
        assert not gateway.bound


def test_without_tls_there_is_no_context():
    assert tls_context(GatewayConfig("127.0.0.1", 1, "me", "right")) is None
