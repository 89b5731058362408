"""Our two ends against node-smpp, a library we did not write."""

import asyncio
import json

import pytest

from sending.gateways.base import (
    GatewayConfig,
    NotWritten,
    SubmitRefused,
    SubmitRequest,
    Unanswered,
)
from sending.gateways.registry import build
from sending.smpp.simulator.accepted_log import AcceptedLog, read_accepted
from sending.smpp.simulator.service import SimulatorService
from sending.smpp.simulator.settings import SimulatorSettings
from sending.tests.gateways.http_peer import LOOPBACK
from sending.tests.peers.node import NodeCentre, need_node, start
from sending.tests.smpp.wire import on_loop

pytestmark = pytest.mark.peers


@pytest.fixture(autouse=True)
def _node():
    need_node()


class Inbox:
    def __init__(self):
        self.receipts = asyncio.Queue()
        self.failures = 0
        self.asked = asyncio.Event()

    async def store(self, receipts):
        self.asked.set()
        if self.failures:
            self.failures -= 1
            raise OSError("no database")
        for receipt in receipts:
            self.receipts.put_nowait(receipt)


def request(number, short_message=b"hello", **changes):
    return SubmitRequest(
        message_id=number,
        segment=1,
        segments=1,
        attempt=1,
        destination=f"+8526666{number:04}",
        source_addr="Brand",
        source_ton=5,
        source_npi=0,
        short_message=short_message,
        **({"data_coding": 0, "esm_class": 0} | changes),
    )


async def opened(centre, inbox=None, **changes):
    values = {"window": 10, "networks": LOOPBACK} | changes
    gateway = build("smpp", GatewayConfig("127.0.0.1", centre.port, "me", "x", **values))
    await gateway.open((inbox or Inbox()).store)
    return gateway


async def submit_all(gateway, requests):
    return await asyncio.gather(
        *(gateway.submit(one, lambda: None) for one in requests), return_exceptions=True
    )


@on_loop
async def test_it_reads_our_texts_as_they_were_meant(tmp_path):
    dump = tmp_path / "dump.jsonl"
    async with NodeCentre(dump) as centre:
        gateway = await opened(centre)
        results = await submit_all(
            gateway,
            [
                request(1, b"Hello {1}".replace(b"{", b"\x1b\x28").replace(b"}", b"\x1b\x29")),
                request(2, "验证码 1234".encode("utf-16-be"), data_coding=8),
                request(3, bytes.fromhex("0500032a0201") + b"first ", esm_class=0x40),
                request(4, "Grüße".encode("latin-1"), data_coding=3),
            ],
        )
        await gateway.close()
        stats = await centre.stats()
    lines = [json.loads(line) for line in dump.read_text().splitlines()]
    assert [line["text"] for line in lines] == ["Hello {1}", "验证码 1234", "first ", "Grüße"]
    assert lines[2]["udh"] == "00032a0201"
    assert [line["id"] for line in lines] == [result.gateway_message_id for result in results]
    assert {line["from"] for line in lines} == {"Brand"}
    assert (stats["accepted"], stats["repeated"]) == (4, 0)


@on_loop
async def test_its_receipts_are_stored_then_acknowledged():
    async with NodeCentre(receipts=1) as centre:
        inbox = Inbox()
        gateway = await opened(centre, inbox)
        results = await submit_all(gateway, [request(n) for n in range(50)])
        receipts = [await inbox.receipts.get() for _ in results]
        await gateway.close()
        stats = await centre.stats()
    assert {receipt.gateway_message_id for receipt in receipts} == {
        result.gateway_message_id for result in results
    }
    assert {receipt.message_state for receipt in receipts} == {"DELIVERED"}
    assert {receipt.msisdn for receipt in receipts} == {f"+8526666{n:04}" for n in range(50)}
    assert (stats["receipts_stored"], stats["receipts_refused"]) == (50, 0)


@on_loop
async def test_a_receipt_we_could_not_store_is_refused():
    async with NodeCentre(receipts=1) as centre:
        inbox = Inbox()
        inbox.failures = 1
        gateway = await opened(centre, inbox)
        await submit_all(gateway, [request(1)])
        await inbox.asked.wait()
        await gateway.close()
        stats = await centre.stats()
    assert (stats["receipts_stored"], stats["receipts_refused"]) == (0, 1)


@on_loop
async def test_it_never_sees_more_than_the_window():
    async with NodeCentre(delay_ms=1) as centre:
        gateway = await opened(centre, window=7)
        results = await submit_all(gateway, [request(n) for n in range(100)])
        await gateway.close()
        stats = await centre.stats()
    assert len({result.gateway_message_id for result in results}) == 100
    assert stats["most_unanswered"] == 7


@on_loop
async def test_its_refusals_are_understood():
    async with NodeCentre(refuse_every=2, refuse_status=0x58) as centre:
        gateway = await opened(centre, window=1)
        results = await submit_all(gateway, [request(n) for n in range(4)])
        await gateway.close()
    refused = [result for result in results if isinstance(result, SubmitRefused)]
    assert [(error.code, error.throttled) for error in refused] == [("ESME_RTHROTTLED", True)] * 2


@on_loop
async def test_after_its_cut_everything_it_accepted_is_answered_or_in_doubt(tmp_path):
    dump = tmp_path / "dump.jsonl"
    async with NodeCentre(dump, cut_every=20) as centre:
        gateway = await opened(centre, window=5)
        results = await submit_all(gateway, [request(n) for n in range(40)])
        await gateway.closed()
        stats = await centre.stats()
    unwritten = {n for n, result in enumerate(results) if isinstance(result, NotWritten)}
    doubtful = {n for n, result in enumerate(results) if isinstance(result, Unanswered)}
    accepted = {int(json.loads(line)["to"][-4:]) for line in dump.read_text().splitlines()}
    assert (stats["accepted"], stats["cut"]) == (20, 1)
    assert not accepted & unwritten
    assert accepted <= doubtful | set(range(40)) - unwritten
    assert 0 < len(doubtful) <= 5


@on_loop
async def test_it_can_be_our_simulators_client(tmp_path):
    path = tmp_path / "accepted.log"
    with AcceptedLog(path) as log:
        service = SimulatorService(SimulatorSettings(latency=0.001), log, "127.0.0.1", 0)
        await service.start()
        process = await start("esme.js", PORT=str(service.port))
        said, complained = await process.communicate()
        await service.stop()
    assert (process.returncode, complained) == (0, b"")
    seen = json.loads(said)
    assert (seen["bind"], seen["enquire_link"], seen["unbind"]) == (0, 0, 0)
    assert seen["version"] == 0x34
    lines = list(read_accepted(path))
    assert sorted(seen["ids"]) == sorted(line.message_id for line in lines)
    assert sorted((one["from"], one["state"]) for one in seen["receipts"]) == [
        ("85266661234", 2),
        ("85266661235", 2),
        ("85266669901", 5),
    ]
    assert all(one["text"].startswith(f"id:{one['id']} sub:001 ") for one in seen["receipts"])


@on_loop
async def test_a_pair_gets_the_receipts_over_its_receiver():
    async with NodeCentre(receipts=1) as centre:
        inbox = Inbox()
        gateway = await opened(centre, inbox, bind="pair")
        results = await submit_all(gateway, [request(n) for n in range(50)])
        receipts = [await inbox.receipts.get() for _ in results]
        await gateway.close()
        stats = await centre.stats()
    assert {receipt.gateway_message_id for receipt in receipts} == {
        result.gateway_message_id for result in results
    }
    assert (stats["binds"], stats["receipts_stored"]) == (2, 50)
