"""What the simulator does with a submit_sm, outcome by outcome, on a clock set by hand."""

import itertools

import pytest

from sending.smpp.command_status import (
    ESME_RINVDSTADR,
    ESME_RINVPASWD,
    ESME_RINVSYSID,
    ESME_RMSGQFUL,
    ESME_ROK,
    ESME_RTHROTTLED,
    ESME_RX_P_APPN,
    ESME_RX_T_APPN,
)
from sending.smpp.commands import CommandId
from sending.smpp.pdu import Bind, DeliverSm, DeliverSmResp, Empty, SubmitSm, SubmitSmResp
from sending.smpp.server import ServerSession
from sending.smpp.session import SessionLimits
from sending.smpp.simulator.accepted_log import AcceptedLog, read_accepted
from sending.smpp.simulator.magic import MAGIC_NUMBERS, VENDOR_REFUSAL
from sending.smpp.simulator.settings import SimulatorSettings
from sending.smpp.simulator.smsc import Simulator
from sending.sms.receipt import parse
from sending.tests.smpp.wire import ManualClock, Wire, on_loop, turns

PLAIN = "85266661234"
# The loop gets its turn so many times while the clock moves on.
STEPS = 20


class Bench:
    """A simulator with one bound client whose end is a Wire."""

    def __init__(self, path, **settings):
        self.path = path / "accepted.log"
        self.clock = ManualClock()
        self.log = AcceptedLog(self.path)
        settings = {"latency": 0.01, "receipt_delay": 1.0, "seed": 1} | settings
        self.simulator = Simulator(SimulatorSettings(**settings), self.log, self.clock)
        self._numbers = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.log.__exit__(None, None, None)

    async def connect(self, system_id="me", command=CommandId.bind_transceiver, password="x"):
        self.wire = Wire(ServerSession(self.simulator, SessionLimits(), self.clock))
        self.wire.receive(Bind(command, system_id, password), next(self._numbers))
        await turns()
        answer, *_ = pdus = self.wire.pdus()
        self.kept = [pdu.body for pdu in pdus[1:]]
        return answer.command_status

    async def submit(self, destination, text=b"hello", registered_delivery=1):
        number = next(self._numbers)
        submit_sm = SubmitSm("Brand", destination, text, registered_delivery=registered_delivery)
        self.wire.receive(submit_sm, number)
        return await self.after(0.1)

    async def after(self, seconds, *, status=ESME_ROK):
        """What the client hears within these seconds; it answers receipts with ``status``."""
        heard = []
        for _ in range(STEPS):
            self.clock.advance(seconds / STEPS)
            await turns()
            heard += [pdu for pdu in self.wire.pdus() if not self._answered(pdu, status)]
        return heard

    def _answered(self, pdu, status):
        """Answer the simulator's requests; whether it was one that only keeps the link alive."""
        if self.wire.is_closing():
            return False
        if pdu.command_id is CommandId.enquire_link:
            self.wire.receive(Empty(CommandId.enquire_link_resp), pdu.sequence_number)
            return True
        if pdu.command_id is CommandId.deliver_sm:
            self.wire.receive(DeliverSmResp(), pdu.sequence_number, status)
        return False

    def accepted(self):
        return list(read_accepted(self.path))


@pytest.fixture
def bench(tmp_path):
    with Bench(tmp_path) as it:
        yield it


def states(heard):
    return [parse(pdu.body.short_message).message_state for pdu in heard]


@on_loop
async def test_a_plain_number_is_logged_answered_and_delivered(bench):
    await bench.connect()
    [answer] = await bench.submit(PLAIN, bytes.fromhex("0500030a0201") + b"hi")
    [line] = bench.accepted()
    assert answer.body == SubmitSmResp(line.message_id)
    assert (line.destination_addr, line.source_addr, line.data_coding, line.esm_class) == (
        PLAIN,
        "Brand",
        0,
        0,
    )
    assert line.short_message == bytes.fromhex("0500030a0201") + b"hi"
    [receipt] = await bench.after(20)
    assert parse(receipt.body.short_message).gateway_message_id == line.message_id
    assert states([receipt]) == ["DELIVERED"]
    assert (receipt.body.source_addr, receipt.body.destination_addr) == (PLAIN, "Brand")
    assert await bench.after(100) == []
    assert bench.simulator.receipts_delivered == 1


@on_loop
async def test_the_line_is_written_before_the_answer(bench):
    await bench.connect()
    bench.wire.receive(SubmitSm("a", PLAIN, b"hi"), 9)
    await turns()
    assert bench.wire.pdus() == []
    assert len(bench.accepted()) == 1


@pytest.mark.parametrize(
    ("ending", "status"),
    [("9904", ESME_RINVDSTADR), ("9911", VENDOR_REFUSAL), ("9913", ESME_RMSGQFUL)],
)
@on_loop
async def test_a_refused_number_is_never_accepted(bench, ending, status):
    await bench.connect()
    [answer] = await bench.submit(f"8526666{ending}")
    assert answer.command_status == status
    assert bench.accepted() == []
    assert await bench.after(100) == []


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        ("9901", ["UNDELIVERABLE"]),
        ("9902", ["EXPIRED"]),
        ("9903", ["REJECTED"]),
        ("9906", []),
        ("9907", ["DELIVERED", "DELIVERED"]),
    ],
)
@on_loop
async def test_a_receipt_says_what_the_number_asks_for(bench, ending, expected):
    await bench.connect()
    [answer] = await bench.submit(f"8526666{ending}")
    assert answer.command_status == ESME_ROK
    assert states(await bench.after(25)) == expected


@on_loop
async def test_a_late_receipt_comes_late(bench):
    await bench.connect()
    await bench.submit("85266669908")
    assert await bench.after(29) == []
    assert states(await bench.after(30)) == ["DELIVERED"]


@on_loop
async def test_a_throttled_number_is_accepted_the_second_time(bench):
    await bench.connect()
    [first] = await bench.submit("85266669905")
    [second] = await bench.submit("85266669905")
    assert (first.command_status, second.command_status) == (ESME_RTHROTTLED, ESME_ROK)
    assert len(bench.accepted()) == 1


@on_loop
async def test_an_unanswered_number_gets_its_receipt_only(bench):
    await bench.connect()
    assert await bench.submit("85266669909") == []
    assert len(bench.accepted()) == 1
    assert states(await bench.after(20)) == ["DELIVERED"]


@on_loop
async def test_a_cut_number_loses_the_connection_and_its_receipt_waits_for_the_next_bind(bench):
    await bench.connect()
    assert await bench.submit("85266669910") == []
    assert bench.wire.is_closing()
    assert len(bench.accepted()) == 1
    await bench.after(20)
    await bench.connect(system_id="somebody else")
    assert bench.kept == []
    await bench.connect()
    assert [parse(body.short_message).message_state for body in bench.kept] == ["DELIVERED"]


@on_loop
async def test_a_receipt_can_come_before_the_answer(bench):
    await bench.connect()
    first, second = await bench.submit("85266669912")
    assert isinstance(first.body, DeliverSm)
    assert parse(first.body.short_message).gateway_message_id == second.body.message_id


@on_loop
async def test_magic_can_be_switched_off(tmp_path):
    with Bench(tmp_path, magic=False) as bench:
        await bench.connect()
        for ending in MAGIC_NUMBERS:
            answer, *_ = await bench.submit(f"8526666{ending}", registered_delivery=0)
            assert answer.command_status == ESME_ROK
        assert len(bench.accepted()) == len(MAGIC_NUMBERS)


@on_loop
async def test_above_the_rate_it_throttles_and_below_it_does_not(tmp_path):
    with Bench(tmp_path, rate=2, latency=0, receipt_delay=0) as bench:
        await bench.connect()
        for number in range(1, 6):
            bench.wire.receive(SubmitSm("a", PLAIN, b""), number)
        answers = await bench.after(0)
        assert [pdu.command_status for pdu in answers] == [0, 0, *[ESME_RTHROTTLED] * 3]
        await bench.after(0.6)
        bench.wire.receive(SubmitSm("a", PLAIN, b""), 7)
        [answer] = await bench.after(0)
        assert answer.command_status == ESME_ROK
        assert len(bench.accepted()) == 3


@pytest.mark.parametrize(
    ("registered_delivery", "ending", "count"),
    [(0, "1234", 0), (1, "1234", 1), (2, "1234", 0), (2, "9901", 1), (0, "9901", 0)],
)
@on_loop
async def test_receipts_come_when_they_are_registered_for(
    bench, registered_delivery, ending, count
):
    await bench.connect()
    await bench.submit(f"8526666{ending}", registered_delivery=registered_delivery)
    assert len(await bench.after(20)) == count


@pytest.mark.parametrize(
    ("setting", "count"),
    [("lost_receipts", 0), ("repeated_receipts", 2)],
)
@on_loop
async def test_receipts_are_lost_and_repeated_by_setting(tmp_path, setting, count):
    with Bench(tmp_path, **{setting: 1.0}) as bench:
        await bench.connect()
        await bench.submit(PLAIN)
        assert len(await bench.after(20)) == count


@on_loop
async def test_a_receipt_the_client_could_not_store_comes_again(bench):
    await bench.connect()
    await bench.submit(PLAIN)
    refused = await bench.after(20, status=ESME_RX_T_APPN)
    assert len(refused) > 1
    [stored] = await bench.after(31)
    assert all(pdu.body == stored.body for pdu in refused)
    assert await bench.after(100) == []


@on_loop
async def test_a_receipt_refused_for_good_does_not_come_again(bench):
    await bench.connect()
    await bench.submit(PLAIN)
    assert len(await bench.after(20, status=ESME_RX_P_APPN)) == 1
    assert await bench.after(100) == []


@on_loop
async def test_receipts_do_not_go_to_a_transmitter(bench):
    await bench.connect(command=CommandId.bind_transmitter)
    await bench.submit(PLAIN)
    assert await bench.after(20) == []
    await bench.connect(command=CommandId.bind_receiver)
    assert len(bench.kept) == 1


@pytest.mark.parametrize(
    ("system_id", "password", "status"),
    [("me", "x", ESME_ROK), ("you", "x", ESME_RINVSYSID), ("me", "y", ESME_RINVPASWD)],
)
@on_loop
async def test_only_the_configured_client_may_bind(tmp_path, system_id, password, status):
    with Bench(tmp_path, system_id="me", password="x") as bench:
        assert await bench.connect(system_id, password=password) == status


@on_loop
async def test_the_same_seed_gives_the_same_times(tmp_path):
    heard = []
    for name in ("one", "two"):
        with Bench(tmp_path / name, seed=7) as bench:
            await bench.connect()
            await bench.submit(PLAIN)
            heard.append([len(await bench.after(0.1)) for _ in range(40)])
    assert heard[0] == heard[1]
    assert sum(heard[0]) == 1


def test_the_log_survives_separators_in_addresses(tmp_path):
    path = tmp_path / "new folder" / "accepted.log"
    with AcceptedLog(path) as log:
        log.append("1", SubmitSm("a\tb\nc", "1\r2", b"\x00\n"))
    with AcceptedLog(path) as log:
        log.append("2", SubmitSm("", "", b""))
    first, second = read_accepted(path)
    assert (first.source_addr, first.destination_addr) == ("a b c", "1 2")
    assert first.short_message == b"\x00\n"
    assert (second.message_id, second.short_message) == ("2", b"")
