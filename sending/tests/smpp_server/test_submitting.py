"""What clients submit becomes messages, or is refused with a status that says why."""

from datetime import timedelta

import pytest

from accounts import shared_time
from sending.models import (
    ApiMessage,
    Batch,
    Message,
    SmppAccount,
    SmppPart,
    SmppRefusal,
    Suppression,
)
from sending.smpp.operations import DataSm
from sending.smpp.tlv import Tag
from sending.tests.factories import CODE_BODY, PLAIN_BODY
from sending.tests.smpp_server.running import Client, submit_sm
from sending.tests.waiting import wait_until
from templates_app import wording
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
CODE = wording.parse(CODE_BODY).render(("482913", "5"))


def test_a_text_is_accepted_and_its_id_is_that_of_its_message(client, account):
    answer = client.submit(PLAIN_BODY)
    assert answer.command_status == 0
    message = Message.objects.get()
    assert answer.body.message_id == str(message.pk)
    assert message.msisdn == "+85261234567"
    asked = ApiMessage.objects.get()
    assert (asked.door, asked.api_key_id) == ("SMPP", account.pk)
    part = SmppPart.objects.get()
    assert (part.pk, part.message_id, part.state) == (message.pk, message.pk, "ACCEPTED")
    assert Batch.objects.get().ids == [message.pk]


def test_the_beginning_of_a_code_is_kept_nowhere(client):
    client.submit(CODE)
    client.submit(PLAIN_BODY)
    shown = list(SmppPart.objects.order_by("pk").values_list("shown", flat=True))
    assert shown == ["", PLAIN_BODY[:20]]


def test_many_at_once_are_all_accepted(client):
    numbers = [f"852612345{n:02}" for n in range(40)]
    answers = client.ask_all([submit_sm(PLAIN_BODY, to) for to in numbers])
    assert {answer.command_status for answer in answers} == {0}
    ids = [int(answer.body.message_id) for answer in answers]
    told = dict(Message.objects.values_list("pk", "msisdn"))
    assert [told[pk] for pk in ids] == [f"+{number}" for number in numbers]


def test_what_is_beyond_the_window_waits_instead_of_being_refused(server, account):
    SmppAccount.objects.update(window=2)
    with Client(server.port) as client:
        client.bind()
        answers = client.ask_all([submit_sm(PLAIN_BODY, f"852612345{n:02}") for n in range(30)])
    assert {answer.command_status for answer in answers} == {0}
    assert Message.objects.count() == 30


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"to": "12"}, 0x0B, "MSISDN_INVALID"),
        ({"text": "Nobody approved this."}, 0x402, "TEXT_UNMATCHED"),
        ({"source_addr": "Nobody", "source_addr_ton": 5}, 0x0A, "ORIGINATOR_NOT_APPROVED"),
        ({"esm_class": 0x04}, 0x43, "ESM_CLASS"),
        ({"data_coding": 4}, 0x45, "DATA_CODING"),
        ({"data_coding": 8, "text": b"abc"}, 0x45, "UCS2_ODD"),
        ({"schedule_delivery_time": "tomorrow"}, 0x61, "SCHEDULE"),
        ({"validity_period": "soon"}, 0x62, "VALIDITY"),
        ({"text": ""}, 0x01, "TEXT_MISSING"),
        ({"tlvs": {Tag.message_payload: b"twice"}}, 0xC1, "TEXT_TWICE"),
        ({"esm_class": 0x40, "text": b"\xff\x00"}, 0x45, "UDH_BROKEN"),
    ],
)
def test_refusals(client, server, fields, status, code):
    fields = {"text": PLAIN_BODY} | fields
    answer = client.submit(**fields)
    assert answer.command_status == status
    assert not Message.objects.exists()
    server.loop.run(server.server._housekeeping.last())
    row = SmppRefusal.objects.get()
    assert (row.status, row.code) == (status, code)
    assert "61234567" not in row.masked_number


def test_clients_that_know_no_status_of_ours_get_those_of_the_specification(server, account):
    SmppAccount.objects.update(uses_plain_statuses=True)
    with Client(server.port) as client:
        client.bind()
        assert client.submit("Nobody approved this.").command_status == 0x45


def test_a_recipient_who_opted_out(client, organization_suppresses):
    organization_suppresses("+85261234567")
    assert client.submit(PLAIN_BODY).command_status == 0x403


@pytest.fixture
def organization_suppresses(program):
    def suppress(msisdn):
        Suppression.objects.create(organization=program.organization, msisdn=msisdn)

    return suppress


def test_a_limit_that_is_reached(client, program):
    program.limit(daily_segment_limit=1)
    assert client.submit(PLAIN_BODY).command_status == 0
    assert client.submit(PLAIN_BODY, "85261234568").command_status == 0x401


def test_a_suspended_application(client, program):
    program.limit(suspended_at=shared_time.now())
    assert client.submit(PLAIN_BODY).command_status == 0x405


def test_beyond_the_rate_is_answered_at_once_and_nothing_waits(server, account):
    SmppAccount.objects.update(rate=5)
    with Client(server.port) as client:
        client.bind()
        answers = client.ask_all([submit_sm(PLAIN_BODY, f"852612345{n:02}") for n in range(50)])
    statuses = [answer.command_status for answer in answers]
    accepted = statuses.count(0)
    assert 5 <= accepted < 50
    assert set(statuses) == {0, 0x58}
    assert Message.objects.count() == accepted


def test_the_same_text_twice_at_once_is_no_accident_where_the_application_allows_it(
    client, program
):
    program.limit(repeat_seconds=0)
    answers = client.ask_all([submit_sm(PLAIN_BODY)] * 3)
    assert {answer.command_status for answer in answers} == {0}
    assert Message.objects.count() == 3


def test_where_it_does_not_allow_it_the_second_is_refused(client):
    assert client.submit(PLAIN_BODY).command_status == 0
    assert client.submit(PLAIN_BODY).command_status == 0x406


def test_data_coding_0_may_mean_latin_1(server, program, account):
    SmppAccount.objects.update(default_coding="LATIN_1")
    approved_template(program.organization, "Grüße aus Köln", SmsType.NOTIFICATION)
    with Client(server.port) as client:
        client.bind()
        assert client.submit("Grüße aus Köln".encode("latin-1")).command_status == 0


def test_data_sm_and_payloads(client):
    answer = client.ask(
        DataSm(
            source_addr="",
            destination_addr="85261234567",
            tlvs={Tag.message_payload: PLAIN_BODY.encode()},
        )
    )
    assert answer.command_status == 0
    assert answer.body.message_id == str(Message.objects.get().pk)
    other = client.submit("", "85261234568", tlvs={Tag.message_payload: PLAIN_BODY.encode()})
    assert other.command_status == 0


def test_times_are_kept(client):
    now = shared_time.now()
    client.submit(
        PLAIN_BODY,
        schedule_delivery_time="000000020000000R",
        validity_period="000000030000000R",
    )
    asked = ApiMessage.objects.get()
    assert timedelta(hours=1, minutes=59) < asked.due_at - now < timedelta(hours=2, minutes=1)
    assert asked.valid_until - asked.due_at == timedelta(hours=3)
    assert Batch.objects.get().due_at == asked.due_at


def test_replace_if_present_takes_the_place_of_what_waits(client, program):
    program.limit(repeat_seconds=0)
    first = client.submit(PLAIN_BODY, service_type="ALERT")
    second = client.submit(PLAIN_BODY, service_type="ALERT", replace_if_present_flag=1)
    states = dict(Message.objects.values_list("pk", "state"))
    assert states[int(first.body.message_id)] == "CANCELLED"
    assert states[int(second.body.message_id)] == "QUEUED"


def test_the_originator_of_the_account(server, program, account):
    from accounts.tests.factories import make_originator

    make_originator(program.organization, "ACME")
    SmppAccount.objects.update(originator="ACME", replaces_originators=True)
    with Client(server.port) as client:
        client.bind()
        assert client.submit(PLAIN_BODY, source_addr="Other").command_status == 0
    assert ApiMessage.objects.get().originator == "ACME"


def test_an_account_that_is_switched_off_is_refused_and_then_unbound(client, server, account):
    SmppAccount.objects.update(is_enabled=False)
    server.loop.run(server.server._housekeeping._beat())
    wait_until(lambda: not client.session.bound)
    with Client(server.port) as another:
        assert another.bind() == 0x0D


def test_senders_are_woken_after_the_commit(client, monkeypatch):
    woken: list[int] = []
    monkeypatch.setattr("sending.smpp_server.server.WAKE_UPS.ask", lambda: woken.append(1))
    client.submit(PLAIN_BODY)
    wait_until(lambda: woken)
