"""Our SMPP server as the message centre of Kannel: bearerbox binds, smsbox is asked to send."""

import pytest

from sending.lifecycle import MessageState
from sending.models import Message, SmppBind, SmppReceipt
from sending.tests.factories import a_number
from sending.tests.peers.kannel import Kannel
from sending.tests.peers.served import Served, ServedByProcess
from sending.tests.waiting import wait_until

pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]
DELIVERED, FAILED, TAKEN = "1", "2", "8"
LONG = "".join(f"{n:03} words of a long text. " for n in range(16))[:398]
EXTENSION = "Table [4] {a} ~b^ |c\\ for €5"
SECONDS = 90
LOST = "could not find message"


@pytest.fixture
def served():
    served = Served()
    yield served
    served.stop()


def kannel(folder, served, **settings):
    folder.mkdir(exist_ok=True)
    return Kannel(folder, served.port, **served.login | settings)


@pytest.mark.parametrize("binds", ["transceiver", "pair"])
def test_texts_of_every_alphabet_and_their_receipts(tmp_path, served, binds):
    with kannel(tmp_path, served, binds=binds) as box:
        box.wait_for_bind()
        texts = [EXTENSION, "您好 👋 Ann", "Plain words", LONG, "€" + "[x]" * 60]
        for nth, text in enumerate(texts):
            is_gsm = "👋" not in text
            box.send(a_number(nth), text, nth, coding=0 if is_gsm else 2)
            wait_until(lambda wanted=nth: Message.objects.count() == wanted + 1)
        assert served.texts() == texts
        served.end(*[MessageState.DELIVERED] * 4, MessageState.UNDELIVERABLE)
        over = box.wait_for(5, SECONDS, DELIVERED, FAILED)
        states = {told["n"]: told["state"] for told in over}
        assert states == {"0": "1", "1": "1", "2": "1", "3": "1", "4": "2"}
        assert "stat:DELIVRD" in next(told["said"] for told in over if told["n"] == "2")
        assert LOST not in box.log()
        kinds = set(SmppBind.objects.values_list("bind_type", flat=True))
        assert kinds == ({"TRX"} if binds == "transceiver" else {"TX", "RX"})
        wait_until(lambda: not SmppReceipt.objects.exists())


def test_a_ninth_character_is_cut_off_by_kannel_so_we_give_eight(tmp_path, served):
    longer = served.login["password"] + "9"
    with kannel(tmp_path, served, password=longer) as box:
        box.wait_for_bind()


def test_a_wrong_password_is_named_in_its_log(tmp_path, served):
    with kannel(tmp_path, served, password="Abcd1235") as box:
        wait_until(lambda: "0x0000000e" in box.log().lower())
        assert not SmppBind.objects.exists()


def test_nothing_is_lost_by_the_throttle(tmp_path, served):
    served.change(rate=10, tells_reasons=True)
    with kannel(tmp_path, served, window=5, more="throughput = 50") as box:
        box.wait_for_bind()
        for nth in range(40):
            box.send(a_number(nth), f"Number {nth} is ready.", nth)
        wait_until(lambda: Message.objects.count() == 40, timeout=SECONDS)
        assert "0x00000058" in box.log().lower()
        assert Message.objects.values("msisdn").distinct().count() == 40
        served.end()
        over = box.wait_for(40, SECONDS, DELIVERED)
        assert {told["n"] for told in over} == {str(n) for n in range(40)}


# Other clients go on after our restart in each full run.
@pytest.mark.nightly
def test_it_goes_on_after_our_restart_and_nothing_is_there_twice(tmp_path):
    served = ServedByProcess(tmp_path)
    with kannel(tmp_path / "kannel", served, window=10, more="throughput = 40") as box:
        box.wait_for_bind()
        for nth in range(100):
            box.send(a_number(nth), f"Number {nth} is ready.", nth)
        wait_until(lambda: Message.objects.count() >= 20)
        assert served.stop() == 0
        assert Message.objects.count() < 100
        served.start()
        wait_until(lambda: Message.objects.count() >= 100, timeout=SECONDS)
        box.wait_for(100, SECONDS, TAKEN)
        numbers = list(Message.objects.values_list("msisdn", flat=True))
        assert len(numbers) == len(set(numbers)) == 100
        served.end()
        box.wait_for(100, SECONDS, DELIVERED)
        assert LOST not in box.log()
    assert served.stop() == 0
