"""The HTTP gateway against a server on loopback: what was written, answered, or is in doubt."""

import asyncio
import gzip
import json
import socket

import pytest

from sending.gateways.base import NotWritten, SubmitRefused, Tls, Unanswered, Unreachable
from sending.gateways.registry import build
from sending.tests.gateways.authority import Authority, server_context
from sending.tests.gateways.http_peer import (
    Server,
    config,
    let_pass,
    no_receipts,
    request,
    response,
)
from sending.tests.smpp.wire import on_loop

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b'5\r\n{"id"\r\n6\r\n:"abc"\r\n1\r\n}\r\n0\r\n\r\n'
)
COMPRESSED = response(gzip.compress(b'{"id": "abc"}'), headers="Content-Encoding: gzip\r\n")
TOO_LONG = response(gzip.compress(b" " * 300_000), headers="Content-Encoding: gzip\r\n")


def said(seen):
    return json.loads(seen.body)["text"]


async def turns_until(condition):
    """Let the loop turn until something holds."""
    while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own.
        await asyncio.sleep(0)


class Opened:
    """An open gateway, closed in the end."""

    def __init__(self, settings, **fields):
        self.gateway = build("http", config(settings, **fields))

    async def __aenter__(self):
        await self.gateway.open(no_receipts)
        return self.gateway

    async def __aexit__(self, *problem):
        await self.gateway.close()


class Journal:
    """Counts what was about to be written."""

    def __init__(self):
        self.records = 0

    def __call__(self):
        self.records += 1


@on_loop
async def test_a_message_goes_out_and_its_id_comes_back():
    async with Server() as server, Opened(server.settings()) as gateway:
        journal = Journal()
        result = await gateway.submit(request(text="Hello ☕"), journal)
        assert (result.gateway_message_id, journal.records) == ("abc", 1)
        (seen,) = server.seen
        assert (seen.line, said(seen)) == ("POST /send HTTP/1.1", "Hello ☕")
        assert (gateway.bound, gateway.in_window) == (True, 0)


@on_loop
async def test_before_write_comes_first_and_can_forbid_it():
    def lease_over():
        raise RuntimeError("the lease is over")

    async with Server() as server, Opened(server.settings()) as gateway:
        with pytest.raises(NotWritten) as raised:
            await gateway.submit(request(1), lease_over)
        assert raised.value.code == "BEFORE_WRITE"
        # The connection is not misused for the next one.
        await gateway.submit(request(2, text="second"), Journal())
        assert [said(seen) for seen in server.seen] == ["second"]


@on_loop
async def test_one_connection_serves_one_message_after_the_other():
    async with Server() as server, Opened(server.settings()) as gateway:
        for number in range(5):
            await gateway.submit(request(number), Journal())
        assert {seen.connection for seen in server.seen} == {1}


@on_loop
async def test_the_window_is_kept_and_all_are_served():
    async with Server() as server, Opened(server.settings(), window=3) as gateway:
        server.go.clear()
        flying = [asyncio.create_task(gateway.submit(request(n), Journal())) for n in range(7)]
        await turns_until(lambda: len(server.seen) == 3)
        assert (gateway.in_window, server.connections) == (3, 3)
        server.go.set()
        await asyncio.gather(*flying)
        assert (len(server.seen), server.connections, gateway.in_window) == (7, 3, 0)


@on_loop
async def test_a_cut_after_the_request_leaves_it_in_doubt():
    async with Server(lambda seen: None) as server, Opened(server.settings()) as gateway:
        journal = Journal()
        with pytest.raises(Unanswered) as raised:
            await gateway.submit(request(), journal)
        assert (raised.value.code, journal.records, len(server.seen)) == ("CONNECTION_LOST", 1, 1)


@on_loop
async def test_silence_leaves_it_in_doubt():
    async with Server() as server:
        server.go.clear()
        async with Opened(server.settings(), response_timeout=30) as gateway:
            silent = asyncio.create_task(gateway.submit(request(), Journal()))
            await server.came.wait()
            let_pass(31)
            with pytest.raises(Unanswered) as raised:
                await silent
            assert (raised.value.code, gateway.in_window) == ("RESPONSE_TIMEOUT", 0)
            # A late answer is not taken for the next message's.
            server.go.set()
            result = await gateway.submit(request(2), Journal())
            assert result.gateway_message_id == "abc"
            assert server.seen[-1].connection == 2


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", "RESPONSE_TIMEOUT"),
        (b"220 smtp.example.com ESMTP\r\n\r\n", "RESPONSE_UNREADABLE"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "RESPONSE_UNREADABLE"),
        (response(b"x" * 300_000), "RESPONSE_TOO_LONG"),
        (TOO_LONG, "RESPONSE_TOO_LONG"),
        (response(b'{"id": "1"}', "500 Oops"), "HTTP_500"),
        (response(b"\x1f\x8b\x08", headers="Content-Encoding: gzip\r\n"), "RESPONSE_UNREADABLE"),
    ],
)
@on_loop
async def test_an_answer_that_is_none_leaves_it_in_doubt(octets, code):
    async with (
        Server(lambda seen: octets) as server,
        Opened(server.settings(), response_timeout=30) as gateway,
    ):
        submit = asyncio.create_task(gateway.submit(request(), Journal()))
        await server.came.wait()
        if code == "RESPONSE_TIMEOUT":
            let_pass(31)
        with pytest.raises(Unanswered) as raised:
            await submit
        assert raised.value.code == code


@pytest.mark.parametrize(
    "octets",
    [
        CHUNKED,
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + response(),
        response(headers="Connection: close\r\n"),
        COMPRESSED,
        CHUNKED[:-2] + b"X-Checksum: 5\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + response(),
    ],
)
@on_loop
async def test_answers_come_in_several_forms(octets):
    async with Server(lambda seen: octets) as server, Opened(server.settings()) as gateway:
        for number in range(2):
            result = await gateway.submit(request(number), Journal())
            assert result.gateway_message_id == "abc"


@on_loop
async def test_an_answer_may_end_with_the_connection():
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        await reader.read(1000)
        writer.write(b'HTTP/1.0 200 OK\r\n\r\n{"id": "abc"}')
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    settings = {"url": url, "body": '["{text}"]', "body_kind": "json", "message_id_rule": "id"}
    async with Opened(settings) as gateway:
        assert (await gateway.submit(request(), Journal())).gateway_message_id == "abc"
    server.close()


@on_loop
async def test_a_redirect_is_not_followed():
    moved = response(b"", "302 Found", "Location: /elsewhere\r\n")
    async with Server(lambda seen: moved) as server, Opened(server.settings()) as gateway:
        with pytest.raises(SubmitRefused) as raised:
            await gateway.submit(request(), Journal())
        assert (raised.value.code, raised.value.temporary) == ("HTTP_302", True)
        assert len(server.seen) == 1


@on_loop
async def test_what_cannot_be_written_never_leaves():
    async with (
        Server() as server,
        Opened(server.settings(headers="X-Text: {text}")) as gateway,
    ):
        journal = Journal()
        with pytest.raises(SubmitRefused) as raised:
            await gateway.submit(request(text="a\nb"), journal)
        assert (raised.value.code, raised.value.temporary) == ("PDU_INVALID", False)
        assert (journal.records, server.seen) == (0, [])


@on_loop
async def test_a_server_that_went_away_proves_that_nothing_was_written():
    async with Server(lambda seen: response(headers="Connection: close\r\n")) as server:
        gateway = build("http", config(server.settings()))
        await gateway.open(no_receipts)
        await gateway.submit(request(), Journal())
    journal = Journal()
    with pytest.raises(NotWritten) as raised:
        await gateway.submit(request(2), journal)
    assert (raised.value.code, journal.records) == ("NOT_CONNECTED", 0)
    # Delivery builds a new one after a while.
    await gateway.closed()
    assert not gateway.bound
    with pytest.raises(NotWritten):
        await gateway.submit(request(3), Journal())


@on_loop
async def test_an_idle_connection_that_the_server_closed_is_not_used():
    async with Server() as server, Opened(server.settings()) as gateway:
        await gateway.submit(request(1), Journal())
        for task in list(server._tasks):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        # Its end is seen before the next request is written.
        await turns_until(lambda: not gateway._idle[0][1].usable)
        await gateway.submit(request(2), Journal())
        assert [seen.connection for seen in server.seen] == [1, 2]


@on_loop
async def test_what_nobody_asked_for_is_no_answer():
    double = response() + response(b'{"id": "not yours"}')
    async with Server(lambda seen: double) as server, Opened(server.settings()) as gateway:
        for number in range(3):
            result = await gateway.submit(request(number), Journal())
            assert result.gateway_message_id == "abc"


@on_loop
async def test_closing_waits_for_answers_and_takes_nothing_new():
    async with Server() as server:
        gateway = build("http", config(server.settings()))
        await gateway.open(no_receipts)
        server.go.clear()
        flying = asyncio.create_task(gateway.submit(request(), Journal()))
        await server.came.wait()
        closing = asyncio.create_task(gateway.close())
        await asyncio.sleep(0)
        with pytest.raises(NotWritten):
            await gateway.submit(request(2), Journal())
        assert not closing.done()
        server.go.set()
        assert (await flying).gateway_message_id == "abc"
        await closing
        await gateway.closed()


@on_loop
async def test_nobody_there_is_no_connection():
    # A port that is held, and on which nobody listens.
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        settings = {"url": f"http://127.0.0.1:{held.getsockname()[1]}/", "body_kind": "none"}
        with pytest.raises(ConnectionError):
            await build("http", config(settings)).open(no_receipts)


@on_loop
async def test_settings_that_cannot_be_used_are_no_connection():
    with pytest.raises(ConnectionError, match="url: REQUIRED"):
        await build("http", config({})).open(no_receipts)
    with pytest.raises(NotWritten):
        await build("http", config({})).submit(request(), Journal())


@on_loop
async def test_a_certificate_is_verified(tmp_path):
    authority = Authority()
    context = server_context(tmp_path, authority.issue("server"))
    async with Server(tls=context) as server:
        with pytest.raises(Unreachable, match=r"TLS_UNTRUSTED.*certificate"):
            await build("http", config(server.settings())).open(no_receipts)
        async with Opened(server.settings(), tls=Tls(ca=authority.pem)) as gateway:
            await gateway.submit(request(), Journal())
        assert len(server.seen) == 1
