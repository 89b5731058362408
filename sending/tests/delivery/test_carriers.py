"""Real senders on real SMPP, reached through what an operator stored: TLS and pairs."""

from collections import Counter as Tally

import pytest

from sending.delivery.queue import expiry
from sending.delivery.sender import sender as senders
from sending.delivery.sender.manager import SenderManager
from sending.lifecycle import TaskState
from sending.models import BindSlot, Message, SendTask
from sending.operations.connection_error_texts import connection_error_text
from sending.smpp.commands import CommandId
from sending.smpp.pdu import DeliverSm
from sending.tests.delivery.fakes import a_sending_task
from sending.tests.delivery.serving import served
from sending.tests.factories import make_gateway
from sending.tests.gateways.authority import Authority
from sending.tests.gateways.test_smpp_pair import PairCentre
from sending.tests.gateways.test_smpp_tls import TlsCentre
from sending.tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


class Reporting:
    """Brings a receipt of each submit_sm over the newest session that receives."""

    def submitted(self, session, sequence_number, submit_sm):
        super().submitted(session, sequence_number, submit_sm)
        receiving = [session for session in self.sessions if session.receives]
        if not receiving or not submit_sm.registered_delivery:
            return
        text = f"id:id-{len(self.seen)} stat:DELIVRD err:000".encode()
        receipt = DeliverSm(submit_sm.destination_addr, "Brand", text, esm_class=4)
        receiving[-1].request(receipt).add_done_callback(lambda answer: answer.exception())


class TlsCarrier(Reporting, TlsCentre):
    """Wants TLS and a client certificate."""


class PairCarrier(Reporting, PairCentre):
    """Knows no transceiver."""


@pytest.fixture
def sender_manager(tmp_path, monkeypatch):
    monkeypatch.setattr(senders, "backoff", lambda failures: 0.05)
    sender_manager = SenderManager(tmp_path / "journal")
    yield sender_manager
    sender_manager.stop()
    assert sender_manager.join(20)


def login_at(centre, **fields):
    given = {"port": centre.port, "system_id": "me", "password": "right", "rate": 1000}
    return make_gateway(**given | {"response_timeout": 5} | fields)


def tally():
    return Tally(Message.objects.values_list("state", flat=True))


def all_delivered():
    return tally().keys() == {"DELIVERED"}


def test_messages_go_and_receipts_come_over_tls_with_what_is_in_the_database(
    sender_manager, tmp_path
):
    with served(TlsCarrier(tmp_path)) as centre:
        gateway = login_at(
            centre,
            tls=True,
            tls_ca=centre.authority.pem,
            tls_certificate=centre.client.certificate,
            tls_key=centre.client.key,
        )
        a_sending_task(20, gateway=gateway)
        sender_manager.start()
        wait_until(all_delivered)
        assert len(centre.seen) == 20
        sender_manager.stop()
        assert sender_manager.join(20)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tls_ca": Authority("stranger").pem}, "is not trusted"),
        ({"tls_ca": ""}, "is not trusted"),
        ({"tls_certificate": "", "tls_key": ""}, "client certificate"),
        ({"tls_server_name": "other.example"}, "for another name"),
        ({"tls": False}, "closed the connection"),
    ],
)
def test_what_is_wrong_with_tls_stands_at_the_bind_slot(sender_manager, tmp_path, changes, says):
    with served(TlsCarrier(tmp_path)) as centre:
        given = {
            "tls": True,
            "tls_ca": centre.authority.pem,
            "tls_certificate": centre.client.certificate,
            "tls_key": centre.client.key,
        }
        login_at(centre, **given | changes)
        sender_manager.start()
        wait_until(BindSlot.objects.exclude(trouble="").exists)
        assert says in connection_error_text(BindSlot.objects.get().trouble)
        sender_manager.stop()
        assert sender_manager.join(20)
    assert centre.seen == []


@pytest.mark.parametrize("half", [CommandId.bind_receiver, CommandId.bind_transmitter])
def test_a_pair_that_lost_a_half_is_bound_again_and_loses_nothing(sender_manager, half):
    with served(PairCarrier()) as centre:
        gateway = login_at(centre, bind_mode="pair", window=5, rate=200)
        task = a_sending_task(100, gateway=gateway)
        sender_manager.start()
        wait_until(lambda: len(centre.seen) >= 20)
        centre.loop.call_soon_threadsafe(centre.half(half).abort)
        wait_until(lambda: len(centre.sessions) == 4)
        wait_until(lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED)
        sent = [submit_sm.destination_addr for submit_sm in centre.seen]
        sender_manager.stop()
        assert sender_manager.join(20)
    assert len(set(sent)) == len(sent), "sent twice"
    states = list(Message.objects.values_list("state", flat=True))
    assert set(states) <= {"DELIVERED", "SUBMITTED", "IN_DOUBT"}
    if half is CommandId.bind_receiver:
        assert "IN_DOUBT" not in states, "the answers of the window still came"
    in_doubt = set(Message.objects.filter(state="IN_DOUBT").values_list("msisdn", flat=True))
    numbers = set(Message.objects.values_list("msisdn", flat=True))
    assert numbers - in_doubt <= {f"+{number}" for number in sent}
    assert len(in_doubt) <= 5


def test_without_asking_for_receipts_nothing_is_ever_called_delivered(sender_manager, settings):
    with served(PairCarrier()) as centre:
        gateway = login_at(centre, bind_mode="pair", registered_delivery=False)
        task = a_sending_task(5, gateway=gateway)
        sender_manager.start()
        wait_until(lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED)
        sender_manager.stop()
        assert sender_manager.join(20)
    assert tally() == {"SUBMITTED": 5}
    settings.RECEIPT_WAIT_HOURS = 0
    expiry.give_up_receipts()
    assert tally() == {"UNKNOWN": 5}
