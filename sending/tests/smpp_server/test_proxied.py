"""Behind a load balancer a client is known by its own address."""

import asyncio
import socket
import ssl

import pytest

from sending.models import SmppBind
from sending.smpp.codec import encode
from sending.smpp.commands import CommandId
from sending.smpp.framing import HEADER_SIZE
from sending.smpp.pdu import Bind
from sending.smpp_server.proxied import BadProxyHeader, read_header
from sending.tests.gateways.authority import Authority, server_context
from sending.tests.smpp_server.accounts import PASSWORD, SYSTEM_ID, make_account
from sending.tests.smpp_server.running import running

V2 = b"\r\n\r\n\0\r\nQUIT\n"
FOUR = bytes([192, 0, 2, 7, 10, 0, 0, 1, 0x1F, 0x90, 0x0A, 0xD7])
SIX = bytes.fromhex("20010db8000000000000000000000007") * 2 + b"\x1f\x90\x0a\xd7"
BIND = encode(Bind(CommandId.bind_transceiver, SYSTEM_ID, PASSWORD), 1)


@pytest.mark.parametrize(
    ("header", "address"),
    [
        (b"PROXY TCP4 192.0.2.7 10.0.0.1 8080 2775\r\n", "192.0.2.7"),
        (b"PROXY TCP6 2001:db8::7 2001:db8::1 8080 2775\r\n", "2001:db8::7"),
        (b"PROXY UNKNOWN\r\n", ""),
        (V2 + b"\x21\x11\0\x0c" + FOUR, "192.0.2.7"),
        (V2 + b"\x21\x21\0\x24" + SIX, "2001:db8::7"),
        # With a TLV of the load balancer behind the addresses.
        (V2 + b"\x21\x11\0\x10" + FOUR + b"\x04\0\1x", "192.0.2.7"),
        (V2 + b"\x20\0\0\0", ""),
        (b"PROXY TCP4 192.0.2.700 10.0.0.1 8080 2775\r\n", None),
        (b"PROXY TCP4 192.0.2.7\r\n" + b" " * 16, None),
        (b"PROXY " + b"x" * 200, None),
        (b"GET / HTTP/1.1\r\n\r\n", None),
        (V2 + b"\x21\x11\0\x02\0\0", None),
        (V2 + b"\x21\x31\0\x0c" + FOUR, None),
        (V2 + b"\x21\x11\xff\xff", None),
        (BIND, None),
        (b"PROXY TCP4", None),
    ],
)
def test_headers(header, address):
    async def read():
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            theirs.sendall(header + (b"" if address is None else BIND))
            theirs.shutdown(socket.SHUT_WR)
            try:
                found = await read_header(ours)
            except BadProxyHeader:
                return None
            # What stands behind it is not touched.
            assert ours.recv(1_000) == BIND
            return found

    assert asyncio.run(read()) == address


def bind_by_hand(port, header, tls=None):
    """Connect, send a header and a bind; return the status, None where the connection ends."""
    with socket.create_connection(("127.0.0.1", port), 30) as plain:
        plain.sendall(header)
        with tls.wrap_socket(plain) if tls else plain as wire:
            wire.sendall(BIND)
            try:
                answer = wire.recv(HEADER_SIZE)
            except ConnectionError:
                return None
            bound = list(SmppBind.objects.values_list("address", "is_tls"))
    return (int.from_bytes(answer[8:12], "big"), bound) if answer else None


@pytest.mark.django_db(transaction=True)
def test_allowed_addresses_are_those_of_clients(program):
    make_account(program.application, allowed_networks=["192.0.2.0/24"])
    client = b"PROXY TCP4 192.0.2.7 10.0.0.1 8080 2775\r\n"
    other = b"PROXY TCP4 198.51.100.7 10.0.0.1 8080 2775\r\n"
    with running(proxies=["127.0.0.0/8"]) as server:
        assert bind_by_hand(server.port, b"") is None
        assert bind_by_hand(server.port, other) == (0x0D, [])
        assert bind_by_hand(server.port, client) == (0, [("192.0.2.7", False)])
    with running(proxies=["203.0.113.0/24"]) as server:
        # From anybody else such a header is no SMPP.
        assert bind_by_hand(server.port, client)[0] != 0
        assert bind_by_hand(server.port, b"") == (0x0D, [])


@pytest.mark.django_db(transaction=True)
def test_the_header_stands_in_front_of_tls(program, tmp_path):
    make_account(program.application, allowed_networks=["192.0.2.0/24"], requires_tls=True)
    authority = Authority()
    server_side = server_context(tmp_path, authority.issue("console"))
    client_side = ssl.create_default_context(cadata=authority.pem)
    client_side.check_hostname = False
    with running(tls=server_side, proxies=["127.0.0.0/8"]) as server:
        header = V2 + b"\x21\x11\0\x0c" + FOUR
        found = bind_by_hand(server.port, header, client_side)
    assert found == (0, [("192.0.2.7", True)])
