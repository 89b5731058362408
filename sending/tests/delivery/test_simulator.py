"""The engine against the real simulator: every outcome it knows, over real SMPP."""

import pytest

from sending.delivery.receipts import inbox
from sending.delivery.sender import sender as senders
from sending.delivery.sender.manager import SenderManager
from sending.lifecycle import TaskState
from sending.models import DeliveryReceipt, Message, ReceiptInbox, SendTask
from sending.tests.delivery.fakes import press_send
from sending.tests.factories import make_gateway, make_sender, make_task
from sending.tests.processes import SimulatorProcess, ended
from sending.tests.waiting import wait_until
from templates_app.tests.factories import approved_template

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WINDOW = 20
LONG = "Harbourline: " + "a longer text than one segment holds, " * 5

OUTCOMES = {
    "+85251230000": {"DELIVERED"},
    "+85251239901": {"UNDELIVERABLE"},
    "+85251239902": {"EXPIRED"},
    "+85251239903": {"REJECTED"},
    "+85251239904": {"REJECTED"},
    "+85251239905": {"DELIVERED"},
    "+85251239906": {"SUBMITTED"},
    "+85251239907": {"DELIVERED"},
    "+85251239908": {"DELIVERED"},
    "+85251239911": {"REJECTED"},
    "+85251239912": {"DELIVERED"},
}


@pytest.fixture
def simulator(tmp_path):
    process = SimulatorProcess(
        tmp_path, "--latency-ms", "2", "--receipt-delay", "0.1", "--late-delay", "0.5"
    )
    with ended(process):
        wait_until(lambda: process.says(r"listening on .*:(\d+)"))
        yield process
        assert process.stop() == 0


@pytest.fixture
def sender_manager(tmp_path, monkeypatch):
    monkeypatch.setattr(senders, "backoff", lambda failures: 0.05)
    # A receipt that came too early is not kept waiting as long as in real life.
    monkeypatch.setattr(inbox, "_WAITS", (0.1, 0.2, 0.3, 0.5))
    sender_manager = SenderManager(tmp_path / "journal")
    yield sender_manager
    sender_manager.stop()
    assert sender_manager.join(120)


def start(simulator, sender_manager, *, response_timeout=60, rate=500, **task):
    port = int(simulator.says(r"listening on .*:(\d+)")[1])
    gateway = make_gateway(port=port, rate=rate, window=WINDOW, response_timeout=response_timeout)
    member = make_sender(daily_segment_limit=10_000)
    body = task.pop("body", None)
    if body:
        task["template_version"] = approved_template(member.organization, body).approved
    made = press_send(make_task(member, TaskState.READY, gateway=gateway, **task))
    sender_manager.start()
    return made


def settled_truthfully(simulator, numbers):
    """Tell whether all is delivered but what was cut off on the wire before anybody read it."""
    states = dict(Message.objects.values_list("msisdn", "state"))
    doubtful = {number for number, state in states.items() if state == "IN_DOUBT"}
    delivered = {number for number, state in states.items() if state == "DELIVERED"}
    taken = ["+" + line.destination_addr for line in simulator.accepted()]
    assert len(taken) == len(set(taken)), "none twice"
    assert set(taken) <= set(numbers)
    return delivered == set(taken) and delivered | doubtful == set(numbers)


def test_each_magic_number_comes_to_its_end(simulator, sender_manager):
    task = start(simulator, sender_manager, numbers=list(OUTCOMES))

    def states():
        return {number: {state} for number, state in Message.objects.values_list("msisdn", "state")}

    wait_until(lambda: states() == OUTCOMES)
    wait_until(lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED)
    wait_until(lambda: not ReceiptInbox.objects.exists())
    codes = dict(Message.objects.values_list("msisdn", "code"))
    assert codes["+85251239901"] == "001"
    assert codes["+85251239904"] == "ESME_RINVDSTADR"
    assert codes["+85251239911"] == "VENDOR_0x00000410"


def test_what_is_never_answered_is_settled_by_its_receipt(simulator, sender_manager):
    number = "+85251239909"
    start(simulator, sender_manager, response_timeout=1, numbers=[number])
    wait_until(lambda: Message.objects.get(msisdn=number).state == "DELIVERED")
    assert len(simulator.accepted()) == 1


def test_a_connection_that_is_cut_after_accepting_loses_nothing(simulator, sender_manager):
    numbers = [f"+8525123{n:04d}" for n in range(40)] + ["+85251239910"]
    start(simulator, sender_manager, numbers=numbers)
    wait_until(lambda: settled_truthfully(simulator, numbers))
    assert Message.objects.filter(state="IN_DOUBT").count() < WINDOW
    # Its connection was cut after it had been accepted.
    assert Message.objects.get(msisdn=numbers[-1]).state == "DELIVERED"


def test_long_texts_arrive_whole_and_are_delivered_when_all_segments_are(simulator, sender_manager):
    numbers = [f"+8525123{n:04d}" for n in range(5)]
    start(simulator, sender_manager, numbers=numbers, body=LONG)
    wait_until(lambda: Message.objects.filter(state="DELIVERED").count() == 5)
    for number in numbers:
        parts = [line for line in simulator.accepted() if "+" + line.destination_addr == number]
        assert [part.short_message[4:6] for part in parts] == [b"\x02\x01", b"\x02\x02"]
        assert b"".join(part.short_message[6:] for part in parts).decode() == LONG
    assert DeliveryReceipt.objects.count() == 10


def test_an_outage_is_survived(simulator, sender_manager):
    numbers = [f"+8525123{n:04d}" for n in range(400)]
    start(simulator, sender_manager, numbers=numbers)
    wait_until(lambda: simulator.accepted_count() > 50)
    simulator.break_down()
    wait_until(lambda: simulator.says("outage of"))
    wait_until(lambda: settled_truthfully(simulator, numbers))
    # What was on the wire when it broke may never have been read; nobody can know, so it stays.
    assert Message.objects.filter(state="IN_DOUBT").count() <= WINDOW
