"""A gateway never reaches an inner service: whatever its host is called, and whenever it moves."""

import socket
from ipaddress import ip_network

import pytest

from sending.gateways.base import NotWritten, Tls
from sending.gateways.registry import attempt, build
from sending.tests.gateways.authority import Authority, server_context
from sending.tests.gateways.http_peer import Server, config, no_receipts, request, response
from sending.tests.smpp.wire import on_loop

HERE = (ip_network("127.0.0.1/32"),)
INNER_HOSTS = [
    "127.0.0.1", "127.8.8.8", "169.254.169.254", "10.0.0.1", "192.168.1.1", "172.16.0.1",
    "100.64.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
    "fe80::1", "fd00:ec2::254", "224.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1",
    "localhost", "inner.example", "both.example",
]  # fmt: skip
NAMES = {"inner.example": ["10.0.0.7"], "both.example": ["93.184.215.14", "127.0.0.1"]}


class Resolver:
    """Answers for names that only this test knows, and counts what it was asked."""

    def __init__(self, names):
        self._names = names
        self._real = socket.getaddrinfo
        self.asked = []

    def __call__(self, host, port, *args, **kwargs):
        self.asked.append(host)
        known = self._names.get(host)
        if known is None:
            return self._real(host, port, *args, **kwargs)
        addresses = known.pop(0) if known and isinstance(known[0], list) else known
        found = [self._real(address, port, *args, **kwargs) for address in addresses]
        return [place for places in found for place in places]


@pytest.fixture
def resolve(monkeypatch):
    """Return what installs a resolver for some names."""

    def install(names):
        resolver = Resolver(names)
        monkeypatch.setattr(socket, "getaddrinfo", resolver)
        return resolver

    return install


def at(kind, host, port, **fields):
    """A gateway of this kind at a host."""
    shown = f"[{host}]" if ":" in host else host
    settings = {"url": f"http://{shown}:{port}/", "body_kind": "json", "body": '"{text}"'}
    return config(settings, host=host, port=port, system_id="me", **fields)


@pytest.mark.parametrize("kind", ["http", "smpp"])
@pytest.mark.parametrize("host", INNER_HOSTS)
@on_loop
async def test_an_inner_service_is_never_connected_to(resolve, kind, host):
    resolve(NAMES)
    async with Server() as server:
        trial = await attempt(kind, at(kind, host, server.port, networks=()))
        # The reason is a word of ours: it tells neither the address nor who listens there.
        assert (trial.trouble, trial.connected_ms) == ("ADDRESS_REFUSED", None)
        assert server.connections == 0


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "::1"])
@on_loop
async def test_an_allowed_network_opens_no_other(host):
    given = at("http", host, 9, networks=HERE)
    assert (await attempt("http", given)).trouble == "ADDRESS_REFUSED"


@on_loop
async def test_a_host_that_answers_is_connected_to_by_the_address_that_was_checked(resolve):
    resolver = resolve({"gate.example": [["127.0.0.1"], ["127.0.0.2"]]})
    # Where a lookup of its own for the connection would lead.
    async with Server() as server:
        gateway = build("http", at("http", "gate.example", server.port, networks=HERE))
        await gateway.open(no_receipts)
        await gateway.submit(request(), lambda: None)
        await gateway.close()
        assert (len(server.seen), resolver.asked.count("gate.example")) == (1, 1)
        assert server.seen[0].headers["host"] == f"gate.example:{server.port}"


@on_loop
async def test_a_name_that_moves_inside_between_two_connections_is_refused(resolve):
    resolve({"gate.example": [["127.0.0.1"], ["127.0.0.2"]]})
    closing = response(headers="Connection: close\r\n")
    async with Server(lambda seen: closing) as server:
        gateway = build("http", at("http", "gate.example", server.port, networks=HERE))
        await gateway.open(no_receipts)
        await gateway.submit(request(1), lambda: None)
        with pytest.raises(NotWritten):
            await gateway.submit(request(2), pytest.fail)
        await gateway.close()
        assert server.connections == 1


@on_loop
async def test_the_next_address_is_tried_when_one_does_not_answer(resolve):
    resolve({"gate.example": ["::1", "127.0.0.1"]})
    async with Server() as server:
        both = (*HERE, ip_network("::1/128"))
        trial = await attempt("http", at("http", "gate.example", server.port, networks=both))
        assert (trial.trouble, server.connections) == ("", 1)


@pytest.mark.parametrize(("named", "trouble"), [("gate.example", ""), ("other.example", "OTHER")])
@on_loop
async def test_the_certificate_must_be_for_the_name(resolve, tmp_path, named, trouble):
    resolve({"gate.example": ["127.0.0.1"]})
    authority = Authority()
    asked = []
    context = server_context(tmp_path, authority.issue("gate", address=named))
    context.sni_callback = lambda connection, name, _: asked.append(name)
    async with Server(tls=context) as server:
        settings = server.settings(url=f"https://gate.example:{server.port}/")
        given = config(settings, tls=Tls(ca=authority.pem), networks=HERE)
        assert trouble in (found := (await attempt("http", given)).trouble)
        assert bool(found) == bool(trouble)
    assert asked == ["gate.example"]
