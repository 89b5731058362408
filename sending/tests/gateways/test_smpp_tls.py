"""TLS on the way to a gateway: its own authority, our own certificate, and what goes wrong."""

import asyncio
import contextlib
import socket
import ssl
import threading
from contextlib import contextmanager

import pytest

from sending.gateways.base import GatewayConfig, Tls, Unreachable
from sending.gateways.registry import build
from sending.smpp.server import listen
from sending.smpp.session import SessionLimits
from sending.tests.gateways.authority import Authority, Issued, server_context
from sending.tests.gateways.test_smpp_gateway import Centre, Inbox, config
from sending.tests.smpp.wire import on_loop

VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


class TlsCentre(Centre):
    """A message centre that wants to know who comes."""

    def __init__(self, folder, *, version=None, asks=True, **certificate):
        super().__init__()
        self.authority = Authority()
        self.client = self.authority.issue("client")
        self._context = server_context(
            folder,
            self.authority.issue("centre", **certificate),
            asks=self.authority.pem if asks else None,
            version=version,
        )

    async def __aenter__(self):
        self._server = await listen(self, "127.0.0.1", 0, limits=SessionLimits(), tls=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def config(self, **changes):
        values = {
            "ca": self.authority.pem,
            "certificate": self.client.certificate,
            "key": self.client.key,
        }
        tls = Tls(**values | changes)
        return config(self.port, tls=tls, response_timeout=5.0)


async def trouble(given):
    """Why a gateway with this configuration cannot be opened."""
    gateway = build("smpp", given)
    with pytest.raises(Unreachable) as raised:
        await gateway.open(Inbox().store)
    assert not gateway.bound
    return raised.value


@pytest.mark.parametrize("version", VERSIONS)
@on_loop
async def test_both_sides_prove_who_they_are(tmp_path, version):
    async with TlsCentre(tmp_path, version=version) as centre:
        gateway = build("smpp", centre.config())
        await gateway.open(Inbox().store)
        assert gateway.bound
        await gateway.close()


@on_loop
async def test_a_certificate_may_name_what_the_settings_say_in_place_of_the_host(tmp_path):
    async with TlsCentre(tmp_path, address="192.0.2.7") as centre:
        assert (await trouble(centre.config())).code == "TLS_OTHER_NAME"
        gateway = build("smpp", centre.config(server_name="192.0.2.7"))
        await gateway.open(Inbox().store)
        assert gateway.bound
        await gateway.close()


@contextmanager
def strict_server(context):
    """A server that ends each handshake as OpenSSL does, with an alert; asyncio's only cuts."""

    def serve():
        with contextlib.suppress(OSError):
            while True:
                raw, _ = listener.accept()
                with (
                    raw,
                    context.wrap_socket(
                        raw.dup(), server_side=True, do_handshake_on_connect=False
                    ) as connection,
                ):
                    with contextlib.suppress(ssl.SSLError):
                        connection.do_handshake()
                    # A socket that closes with something unread cuts off its own alert.
                    while raw.recv(1024):
                        pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("issuer", [None, Authority("stranger")])
@on_loop
async def test_a_server_refuses_whoever_shows_no_certificate_or_a_strangers(
    tmp_path, version, issuer
):
    authority = Authority()
    asked = server_context(tmp_path, authority.issue("centre"), asks=authority.pem, version=version)
    shown = issuer.issue("client") if issuer else Issued("", "")
    tls = Tls(authority.pem, shown.certificate, shown.key)
    with strict_server(asked) as port:
        given = config(port, tls=tls, response_timeout=5.0)
        assert (await trouble(given)).code == "TLS_REFUSED_US"


@pytest.mark.parametrize("version", VERSIONS)
@on_loop
async def test_a_centre_that_cuts_without_a_word_is_no_connection_either(tmp_path, version):
    async with TlsCentre(tmp_path, version=version) as centre:
        found = await trouble(centre.config(certificate="", key=""))
        assert found.code in {"TLS_CUT", "TLS_REFUSED_US"}
        assert centre.seen == []


@pytest.mark.parametrize("ca", ["", Authority("stranger").pem])
@on_loop
async def test_a_centre_that_nobody_we_trust_vouches_for_is_not_bound(tmp_path, ca):
    async with TlsCentre(tmp_path) as centre:
        found = await trouble(centre.config(ca=ca))
        assert (found.code, "certificate" in str(found)) == ("TLS_UNTRUSTED", True)
        assert centre.seen == []


@on_loop
async def test_a_certificate_that_has_expired_is_named_so(tmp_path):
    async with TlsCentre(tmp_path, days=-1) as centre:
        assert (await trouble(centre.config())).code == "TLS_EXPIRED"


@on_loop
async def test_a_port_without_tls_is_named_so():
    async with asyncio.timeout(5), Centre() as centre:
        assert (await trouble(config(centre.port, tls=Tls()))).code == "TLS_NOT_SPOKEN"


@on_loop
async def test_settings_that_tls_cannot_use_are_no_connection():
    tls = Tls(ca="no certificate")
    assert (await trouble(config(1, tls=tls))).code == "TLS_SETTINGS"


def test_a_key_is_in_no_representation_of_the_settings():
    issued = Authority().issue("client")
    tls = Tls(certificate=issued.certificate, key=issued.key)
    assert issued.key[30:60] not in repr(GatewayConfig("h", 1, "me", "right", tls=tls))
