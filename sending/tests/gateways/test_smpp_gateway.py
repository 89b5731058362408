"""The SMPP gateway against a message centre on loopback that does what each test says."""

import asyncio
import socket
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sending.gateways.base import (
    Addressing,
    BindRefused,
    GatewayConfig,
    NotWritten,
    SubmitRefused,
    SubmitRequest,
    Unanswered,
)
from sending.gateways.registry import build
from sending.smpp.command_status import (
    ESME_RINVDSTADR,
    ESME_RINVPASWD,
    ESME_ROK,
    ESME_RSYSERR,
    ESME_RTHROTTLED,
    ESME_RX_T_APPN,
)
from sending.smpp.commands import CommandId
from sending.smpp.pdu import DeliverSm, Empty
from sending.smpp.server import listen
from sending.smpp.session import SessionLimits
from sending.tests.gateways.http_peer import LOOPBACK
from sending.tests.smpp.wire import on_loop

RECEIPT = DeliverSm("85266661234", "Brand", b"id:7 stat:DELIVRD err:000", esm_class=4)


class Centre:
    """Keeps every submit_sm; what happens to it is the test's choice."""

    system_id = "centre"

    def __init__(self, *, password="right", answers=True):
        self._password = password
        self._answers = answers
        self.submits = asyncio.Queue()
        self.seen = []
        self.sessions = []
        self.here = asyncio.Event()
        self.gone = asyncio.Event()

    async def __aenter__(self):
        self._server = await listen(self, "127.0.0.1", 0, limits=SessionLimits(window=1000))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *problem):
        self._server.close()
        for session in self.sessions:
            session.abort()
            await session.closed()

    def connected(self, session):
        self.sessions.append(session)

    def check_bind(self, bind):
        self.bind = bind
        return ESME_ROK if bind.password == self._password else ESME_RINVPASWD

    def bound(self, session):
        self.here.set()

    def submitted(self, session, sequence_number, submit_sm):
        self.seen.append(submit_sm)
        self.submits.put_nowait((session, sequence_number))
        if self._answers:
            session.accept(sequence_number, f"id-{len(self.seen)}")

    def disconnected(self, session):
        self.gone.set()


class Inbox:
    """A receipt sink that can be told to fail or to wait."""

    def __init__(self):
        self.receipts = asyncio.Queue()
        self.broken = False
        self.open = asyncio.Event()
        self.open.set()

    async def store(self, receipts):
        for receipt in receipts:
            self.receipts.put_nowait(receipt)
        await self.open.wait()
        if self.broken:
            raise OSError("no database")


def config(port, **changes):
    values = {"system_id": "me", "password": "right", "window": 10, "networks": LOOPBACK}
    return GatewayConfig("127.0.0.1", port, **values | changes)


def request(number=1, **changes):
    values = {
        "message_id": number,
        "segment": 1,
        "segments": 1,
        "attempt": 1,
        "destination": "+85266661234",
        "source_addr": "Brand",
        "source_ton": 5,
        "source_npi": 0,
        "data_coding": 0,
        "esm_class": 0,
        "short_message": b"hello",
    }
    return SubmitRequest(**values | changes)


def nothing():
    """A before_write that agrees."""


async def opened(centre, inbox=None, **changes):
    gateway = build("smpp", config(centre.port, **changes))
    await gateway.open((inbox or Inbox()).store)
    return gateway


@on_loop
async def test_a_submit_arrives_as_it_was_asked_for():
    async with Centre() as centre:
        gateway = await opened(centre)
        assert gateway.bound
        result = await gateway.submit(
            request(
                esm_class=0x40,
                data_coding=8,
                short_message=b"\x05\x00\x03\x01\x02\x01\x4f\x60",
                validity_seconds=300,
            ),
            nothing,
        )
        await gateway.close()
    assert (result.gateway_message_id, result.command_status) == ("id-1", 0)
    [seen] = centre.seen
    assert (seen.destination_addr, seen.dest_addr_ton, seen.dest_addr_npi) == ("85266661234", 1, 1)
    assert (seen.source_addr, seen.source_addr_ton, seen.source_addr_npi) == ("Brand", 5, 0)
    assert (seen.esm_class, seen.data_coding, seen.registered_delivery) == (0x40, 8, 1)
    assert seen.short_message == b"\x05\x00\x03\x01\x02\x01\x4f\x60"
    assert seen.validity_period == "000000000500000R"


@on_loop
async def test_a_submit_is_addressed_as_the_carrier_insists():
    async with Centre() as centre:
        given = Addressing(source_ton=0, source_npi=9, dest_ton=2, dest_npi=0)
        gateway = await opened(
            centre, addressing=given, service_type="CMT", registered_delivery=False
        )
        await gateway.submit(request(), nothing)
        await gateway.close()
    [seen] = centre.seen
    assert (seen.source_addr_ton, seen.source_addr_npi) == (0, 9)
    assert (seen.dest_addr_ton, seen.dest_addr_npi) == (2, 0)
    assert (seen.service_type, seen.registered_delivery) == ("CMT", 0)


@on_loop
async def test_the_dates_of_receipts_are_of_the_zone_that_was_set():
    async with Centre() as centre:
        inbox = Inbox()
        gateway = await opened(centre, inbox, receipt_zone=ZoneInfo("Asia/Hong_Kong"))
        text = b"id:7 done date:2611221530 stat:DELIVRD err:000"
        await centre.sessions[0].request(DeliverSm("85266661234", "Brand", text, esm_class=4))
        assert inbox.receipts.get_nowait().done_at == datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
        await gateway.close()


@pytest.mark.parametrize(
    ("status", "code", "temporary", "throttled"),
    [
        (ESME_RINVDSTADR, "ESME_RINVDSTADR", False, False),
        (ESME_RTHROTTLED, "ESME_RTHROTTLED", True, True),
        (ESME_RSYSERR, "ESME_RSYSERR", True, False),
        (0x410, "VENDOR_0x00000410", False, False),
        (0x411, "VENDOR_0x00000411", True, False),
    ],
)
@on_loop
async def test_a_refusal_says_whether_to_try_again(status, code, temporary, throttled):
    async with Centre(answers=False) as centre:
        gateway = await opened(centre, temporary_statuses=frozenset({0x411}))
        submit = asyncio.ensure_future(gateway.submit(request(), nothing))
        session, number = await centre.submits.get()
        session.refuse(number, status)
        with pytest.raises(SubmitRefused) as raised:
            await submit
        assert (raised.value.code, raised.value.temporary, raised.value.throttled) == (
            code,
            temporary,
            throttled,
        )
        await gateway.close()


@on_loop
async def test_a_generic_nack_without_an_error_is_still_a_refusal():
    async with Centre(answers=False) as centre:
        gateway = await opened(centre)
        submit = asyncio.ensure_future(gateway.submit(request(), nothing))
        session, number = await centre.submits.get()
        session.respond(number, Empty(CommandId.generic_nack))
        with pytest.raises(SubmitRefused, match="GENERIC_NACK"):
            await submit
        await gateway.close()


@on_loop
async def test_before_write_that_raises_sends_nothing():
    async with Centre() as centre:
        gateway = await opened(centre)

        def refuse():
            raise RuntimeError("the journal is full")

        with pytest.raises(NotWritten, match="BEFORE_WRITE") as raised:
            await gateway.submit(request(1), refuse)
        assert isinstance(raised.value.__cause__, RuntimeError)
        await gateway.submit(request(2, short_message=b"second"), nothing)
        await gateway.close()
    assert [seen.short_message for seen in centre.seen] == [b"second"]


@on_loop
async def test_a_cut_tells_the_written_from_the_unwritten():
    async with Centre(answers=False) as centre:
        gateway = await opened(centre, window=3)
        written = []
        submits = [
            asyncio.ensure_future(gateway.submit(request(n), lambda n=n: written.append(n)))
            for n in range(5)
        ]
        for _ in range(3):
            session, _ = await centre.submits.get()
        assert gateway.in_window == 3
        session.abort()
        await gateway.closed()
        outcomes = await asyncio.gather(*submits, return_exceptions=True)
    assert written == [0, 1, 2]
    assert [type(outcome) for outcome in outcomes] == [Unanswered] * 3 + [NotWritten] * 2
    assert len(centre.seen) == 3
    assert not gateway.bound
    with pytest.raises(NotWritten):
        await gateway.submit(request(9), nothing)


@on_loop
async def test_an_unencodable_request_is_refused_for_good_and_not_written():
    async with Centre() as centre:
        gateway = await opened(centre)
        with pytest.raises(SubmitRefused, match="PDU_INVALID") as raised:
            await gateway.submit(request(source_addr="签名"), pytest.fail)
        assert not raised.value.temporary
        await gateway.close()
    assert centre.seen == []


@on_loop
async def test_nothing_is_submitted_before_open_or_as_a_receiver():
    with pytest.raises(NotWritten):
        await build("smpp", config(1)).submit(request(), pytest.fail)
    async with Centre() as centre:
        gateway = await opened(centre, bind="receiver")
        with pytest.raises(NotWritten):
            await gateway.submit(request(), pytest.fail)
        await gateway.close()
    assert centre.bind.command_id is CommandId.bind_receiver


@on_loop
async def test_a_refused_bind_says_why_and_a_closed_port_is_a_connection_error():
    async with Centre(password="other") as centre:
        with pytest.raises(BindRefused, match="ESME_RINVPASWD"):
            await opened(centre)
        await centre.gone.wait()
        port = centre.port
    with pytest.raises(ConnectionError):
        await build("smpp", config(port)).open(Inbox().store)


@on_loop
async def test_a_name_that_does_not_resolve_is_a_connection_error(monkeypatch):
    async def resolve(*args, **kwargs):
        raise OSError("Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", resolve)
    with pytest.raises(ConnectionError, match="not known"):
        await build("smpp", config(1)).open(Inbox().store)


@on_loop
async def test_a_receipt_is_answered_only_after_it_is_stored():
    async with Centre() as centre:
        inbox = Inbox()
        inbox.open.clear()
        gateway = await opened(centre, inbox)
        answer = centre.sessions[0].request(RECEIPT)
        stored = await inbox.receipts.get()
        assert (stored.gateway_message_id, stored.message_state) == ("7", "DELIVERED")
        await gateway.submit(request(), nothing)
        assert not answer.done()
        inbox.open.set()
        assert (await answer).command_status == ESME_ROK
        await gateway.close()


@on_loop
async def test_a_receipt_that_was_not_stored_is_refused_temporarily():
    async with Centre() as centre:
        inbox = Inbox()
        inbox.broken = True
        gateway = await opened(centre, inbox)
        assert (await centre.sessions[0].request(RECEIPT)).command_status == ESME_RX_T_APPN
        inbox.broken = False
        assert (await centre.sessions[0].request(RECEIPT)).command_status == ESME_ROK
        await gateway.close()


@on_loop
async def test_a_message_from_a_handset_is_stored_before_it_is_acknowledged():
    async with Centre() as centre:
        inbox = Inbox()
        gateway = await opened(centre, inbox)
        message = DeliverSm("85266661234", "me", b"id:7 stat:DELIVRD err:000")
        assert (await centre.sessions[0].request(message)).command_status == ESME_ROK
        kept = inbox.receipts.get_nowait()
        assert (kept.source, kept.destination, kept.text) == (
            "85266661234",
            "me",
            "id:7 stat:DELIVRD err:000",
        )
        inbox.broken = True
        assert (await centre.sessions[0].request(message)).command_status == ESME_RX_T_APPN
        await gateway.close()


@on_loop
async def test_closing_waits_for_answers_and_stores_the_last_receipts():
    async with Centre(answers=False) as centre:
        inbox = Inbox()
        gateway = await opened(centre, inbox)
        submit = asyncio.ensure_future(gateway.submit(request(), nothing))
        session, number = await centre.submits.get()
        receipt = session.request(RECEIPT)
        closing = asyncio.ensure_future(gateway.close())
        session.accept(number, "last")
        assert (await submit).gateway_message_id == "last"
        assert (await receipt).command_status == ESME_ROK
        await closing
        await centre.gone.wait()
    assert not gateway.bound


@on_loop
async def test_closing_what_was_never_open_or_is_gone_does_no_harm():
    await build("smpp", config(1)).close()
    async with Centre() as centre:
        gateway = await opened(centre)
        centre.sessions[0].abort()
        await gateway.closed()
        await gateway.close()


@on_loop
async def test_the_socket_does_not_wait_to_fill_packets():
    async with Centre() as centre:
        gateway = await opened(centre)
        raw = gateway._session._transport.get_extra_info("socket")
        assert raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        await gateway.close()
