"""Trying a gateway sends no message, keeps no receipt, and says how far it came."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest

from sending.gateways.base import Tls
from sending.gateways.registry import attempt
from sending.smpp.command_status import ESME_RBINDFAIL, ESME_RX_T_APPN
from sending.smpp.commands import CommandId
from sending.tests.gateways import http_peer
from sending.tests.gateways.test_smpp_gateway import RECEIPT, Centre, config
from sending.tests.gateways.test_smpp_pair import PairCentre
from sending.tests.gateways.test_smpp_tls import TlsCentre
from sending.tests.smpp.wire import on_loop


async def all_gone(centre):
    for session in centre.sessions:
        await session.closed()


@on_loop
async def test_it_binds_asks_and_unbinds():
    async with Centre() as centre:
        trial = await attempt("smpp", config(centre.port))
        await all_gone(centre)
    assert trial.trouble == ""
    assert None not in (trial.connected_ms, trial.bound_ms, trial.answered_ms)
    assert (len(centre.sessions), centre.seen) == (1, [])


@on_loop
async def test_both_halves_of_a_pair_are_tried():
    async with PairCentre() as centre:
        assert (await attempt("smpp", config(centre.port, bind="pair"))).trouble == ""
        kinds = [session.client.command_id for session in centre.sessions]
        await all_gone(centre)
    assert kinds == [CommandId.bind_receiver, CommandId.bind_transmitter]
    async with PairCentre(refuses=CommandId.bind_transmitter) as centre:
        trial = await attempt("smpp", config(centre.port, bind="pair"))
        await all_gone(centre)
    assert trial.trouble == "ESME_RALYBND"


class Refusing(Centre):
    """Takes no bind."""

    def check_bind(self, bind):
        return ESME_RBINDFAIL


@on_loop
async def test_a_refused_bind_is_named_after_the_time_it_took_to_connect():
    async with Refusing() as centre:
        trial = await attempt("smpp", config(centre.port))
        await all_gone(centre)
    assert trial.trouble == "ESME_RBINDFAIL"
    assert trial.connected_ms is not None
    assert trial.bound_ms is None


@on_loop
async def test_a_closed_port_and_a_certificate_nobody_trusts_are_named(tmp_path):
    async with TlsCentre(tmp_path) as centre:
        given = centre.config()
        trial = await attempt("smpp", config(centre.port, tls=Tls(ca="")))
        assert trial.trouble.startswith("TLS_UNTRUSTED: ")
        assert (await attempt("smpp", given)).trouble == ""
        port = centre.port
    assert (await attempt("smpp", config(port))).trouble == "PORT_CLOSED"


class Eager(Centre):
    """Delivers a receipt as soon as somebody receives."""

    def bound(self, session):
        super().bound(session)
        self.answer = session.request(RECEIPT)


@on_loop
async def test_a_receipt_that_comes_meanwhile_is_sent_back_for_the_senders():
    async with Eager() as centre:
        assert (await attempt("smpp", config(centre.port))).trouble == ""
        assert (await centre.answer).command_status == ESME_RX_T_APPN


class Mute(Centre):
    """Accepts the bind and hears nothing afterwards."""

    def bound(self, session):
        super().bound(session)
        session.data_received = lambda data: None


@on_loop
async def test_a_centre_that_falls_silent_after_the_bind_is_named():
    async with Mute() as centre:
        trial = await attempt("smpp", config(centre.port, response_timeout=0.2))
        assert trial.trouble == "ENQUIRY_UNANSWERED: RESPONSE_TIMEOUT"
        assert trial.bound_ms is not None
        await all_gone(centre)


@on_loop
async def test_an_aggregator_is_reached_and_gets_no_request():
    async with http_peer.Server() as server:
        trial = await attempt("http", http_peer.config(server.settings()))
        assert (trial.trouble, trial.bound_ms, server.seen) == ("", None, [])
        assert trial.connected_ms is not None
    assert (await attempt("http", http_peer.config({}))).trouble == "SETTINGS: url: REQUIRED"


@pytest.mark.parametrize("kind", ["smpp", "http"])
@on_loop
async def test_a_name_that_nobody_knows_is_named(kind):
    settings = http_peer.LARKSPUR | {"url": "https://nobody.invalid/"}
    given = http_peer.config(settings, host="nobody.invalid", port=1)
    assert (await attempt(kind, given)).trouble == "NAME_UNKNOWN"


@asynccontextmanager
async def speaking(octets: bytes, *, at_once: bool):
    """Yield the port of a server that says this, at once or when it has heard something."""

    async def say(reader, writer):
        if not at_once:
            await reader.read(1)
        writer.write(octets)
        with suppress(OSError):
            await writer.drain()
            await reader.read()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize(
    ("octets", "at_once", "trouble"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", False, "HTTP_SPOKEN: HTTP/1.1 400 Bad Request"),
        (b"220 mx.example ESMTP\r\n", True, "SMTP_SPOKEN: 220 mx.example ESMTP"),
        (b"\x15\x03\x01\x00\x02\x02\x28", False, "TLS_SPOKEN"),
        (b"SSH-2.0-x\r\n", True, "NOT_SMPP: SSH-2.0-x"),
        (b"\xff\xfe\x00\x01garbage", False, "NOT_SMPP"),
    ],
)
@on_loop
async def test_what_speaks_something_else_is_named(octets, at_once, trouble):
    async with speaking(octets, at_once=at_once) as port:
        assert (await attempt("smpp", config(port))).trouble == trouble


@pytest.mark.parametrize("kind", ["smpp", "http"])
@on_loop
async def test_a_port_that_never_answers_tls_is_told_from_one_that_cannot_be_reached(kind):
    async with speaking(b"", at_once=False) as port:
        if kind == "smpp":
            given = config(port, tls=Tls(), response_timeout=0.4)
        else:
            settings = http_peer.LARKSPUR | {"url": f"https://127.0.0.1:{port}/"}
            given = http_peer.config(settings, host="127.0.0.1", port=port, response_timeout=0.4)
        assert (await attempt(kind, given)).trouble == "TLS_SILENT"
