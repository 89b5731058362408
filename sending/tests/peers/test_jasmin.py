"""Our SMPP server as a carrier of Jasmin: its connector binds, its HTTP API is asked to send."""

import asyncio
import os

import pytest

from sending.gateways.base import GatewayConfig
from sending.gateways.registry import build
from sending.lifecycle import MessageState
from sending.models import Message, SmppBind, SmppReceipt, Suppression
from sending.tests.factories import a_number
from sending.tests.gateways.http_peer import LOOPBACK
from sending.tests.peers.jasmin import Jasmin
from sending.tests.peers.served import Served, ServedByProcess
from sending.tests.peers.test_node_smpp import request, submit_all
from sending.tests.processes import SimulatorProcess, ended
from sending.tests.waiting import wait_until

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif("JASMIN" not in os.environ, reason="JASMIN names no installation of Jasmin"),
    pytest.mark.django_db(transaction=True),
]
LONG = "".join(f"{n:03} words of a long text. " for n in range(16))[:398]
EXTENSION = "Table [4] {a} ~b^ |c\\ for €5"
TEXTS = {"Plain": 0, EXTENSION: 0, "Café déjà": 3, LONG: 0, "您好 👋 Ann": 8, "您好" * 60: 8}
"""By data_coding."""
SECONDS = 90


@pytest.fixture
def served():
    served = Served()
    yield served
    served.stop()


@pytest.fixture
def process(tmp_path):
    """A server that can be started again; none is left behind."""
    served = ServedByProcess(tmp_path)
    yield served
    assert served.stop() == 0


def jasmin(folder, served, **settings):
    folder.mkdir(exist_ok=True)
    return Jasmin(folder, served.port, **served.login | settings)


def number(nth):
    return a_number(nth).removeprefix("+")


@pytest.mark.parametrize("split", ["udh", "sar"])
def test_texts_of_every_alphabet_and_their_receipts(tmp_path, served, split):
    with jasmin(tmp_path, served, split=split) as peer:
        peer.wait_for_bind()
        for nth, (text, coding) in enumerate(TEXTS.items()):
            assert peer.send(number(nth), text, nth, coding) == 200
            wait_until(lambda wanted=nth: Message.objects.count() == wanted + 1)
        assert served.texts() == list(TEXTS)
        served.end(*[MessageState.DELIVERED] * 5, MessageState.UNDELIVERABLE)
        over = peer.wait_for(6, SECONDS)
        assert over == {str(nth): "DELIVRD" for nth in range(5)} | {"5": "UNDELIV"}
        wait_until(lambda: not SmppReceipt.objects.exists())


def test_a_connector_that_is_stopped_unbinds(tmp_path, served):
    with jasmin(tmp_path, served) as peer:
        peer.wait_for_bind()
        assert SmppBind.objects.get().bind_type == "TRX"
        peer.jcli("smppccm -0 console")
        wait_until(lambda: not SmppBind.objects.exists())


def test_a_wrong_password_is_named_in_its_log(tmp_path, served):
    with jasmin(tmp_path, served, password="Abcd1235") as peer:
        peer.wait(lambda: "ESME_RINVPASWD" in peer.log())
        assert not SmppBind.objects.exists()


def test_who_was_refused_is_told_and_what_follows_is_sent(tmp_path, served):
    # A status that SMPP 3.4 does not list is noted in its log, and told nobody.
    served.change(uses_plain_statuses=True)
    Suppression.objects.create(organization=served.program.organization, msisdn=a_number(0))
    with jasmin(tmp_path, served) as peer:
        peer.wait_for_bind()
        for nth in range(2):
            assert peer.send(number(nth), f"Number {nth} is ready.", nth) == 200
        peer.wait(lambda: len(peer.told) == 2)
        said = {one["n"]: one["message_status"] for one in peer.told}
        assert said == {"0": "ESME_RSUBMITFAIL", "1": "ESME_ROK"}
        assert served.texts() == ["Number 1 is ready."]


def test_a_connector_as_fast_as_the_account_is_never_throttled(tmp_path, served):
    # Of a message that was throttled first, Jasmin does not know the receipt any more.
    served.change(rate=10)
    with jasmin(tmp_path, served, submit_throughput=10) as peer:
        peer.wait_for_bind()
        for nth in range(30):
            assert peer.send(number(nth), f"Number {nth} is ready.", nth) == 200
        wait_until(lambda: Message.objects.count() == 30, timeout=SECONDS)
        served.end()
        assert set(peer.wait_for(30, SECONDS).values()) == {"DELIVRD"}
        assert {one["message_status"] for one in peer.told} == {"ESME_ROK", "DELIVRD"}


def test_receipts_wait_while_we_restart_and_nothing_is_there_twice(tmp_path, process):
    with jasmin(tmp_path / "jasmin", process) as peer:
        peer.wait_for_bind()
        for nth in range(60):
            assert peer.send(number(nth), f"Number {nth} is ready.", nth) == 200
        wait_until(lambda: Message.objects.count() >= 20)
        assert process.stop() == 0
        process.end()
        process.start()
        wait_until(lambda: Message.objects.count() >= 60, timeout=SECONDS)
        process.end()
        assert set(peer.wait_for(60, SECONDS).values()) == {"DELIVRD"}
        numbers = list(Message.objects.values_list("msisdn", flat=True))
        assert len(numbers) == len(set(numbers)) == 60


def test_as_a_carrier_it_takes_our_texts_and_its_receipts_are_read(tmp_path):
    """Jasmin's own SMPP server, behind which the simulator delivers."""
    simulator = SimulatorProcess(tmp_path)
    listening = r"listening on .*:(\d+)"
    folder = tmp_path / "jasmin"
    folder.mkdir()
    with ended(simulator):
        wait_until(lambda: simulator.says(listening))
        port = int(simulator.says(listening)[1])
        with Jasmin(folder, port, "jasmin", "any") as peer:
            peer.wait_for_bind()
            sent, heard = asyncio.run(submit_to(peer.ports["smpp"]))
        assert len(sent) == 20
        assert heard == dict.fromkeys(sent, "DELIVERED")


async def submit_to(port):
    """Send twenty texts as a gateway does; return their ids, and {id: state} of the receipts."""
    heard = {}
    all_heard = asyncio.Event()

    async def store(receipts):
        heard.update({one.gateway_message_id: one.message_state for one in receipts})
        if len(heard) >= 20:
            all_heard.set()

    config = GatewayConfig("127.0.0.1", port, "program", "secret", window=10, networks=LOOPBACK)
    gateway = build("smpp", config)
    await gateway.open(store)
    answers = await submit_all(gateway, [request(n) for n in range(20)])
    async with asyncio.timeout(SECONDS):
        await all_heard.wait()
    await gateway.close()
    return [answer.gateway_message_id for answer in answers], heard
