"""Gateways that take a whole text: one submission for all segments, whatever happens to it."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sending.delivery.gateway_config import config_of
from sending.delivery.queue.claims import claim
from sending.delivery.queue.rendering import text_of
from sending.delivery.receipts import inbox
from sending.delivery.sender import recovery, results, submit
from sending.delivery.sender.journal import Journal
from sending.delivery.sender.results import Finished
from sending.error_codes.reasons import Reason
from sending.error_codes.table import explain
from sending.gateways.registry import build
from sending.lifecycle import MessageState
from sending.models import Batch, DeliveryReceipt, Message, ReceiptInbox, Submission
from sending.models.stepping import step
from sending.tests.delivery.fakes import a_sending_task, due_ids
from sending.tests.factories import make_gateway, make_messages, make_sender
from sending.tests.gateways.http_peer import Server, no_receipts, response
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Harbourline: " + "a longer text than one segment holds, " * 8
RULES = {
    "body_kind": "json",
    "body": '{"to": "{destination}", "text": "{text}", "ref": "{reference}"}',
    "message_id_rule": "id",
    "receipt_id_rule": "id",
    "receipt_status_rule": "status",
    "receipt_number_rule": "to",
    "receipt_states": "delivered = DELIVERED",
}
PARTS = RULES | {
    "message_id_rule": "parts[*].id",
    "receipt_states": "delivered = DELIVERED\nfailed = UNDELIVERABLE",
}


SHARED = RULES | {
    "receipt_covers": "part",
    "receipt_states": "delivered = DELIVERED\nfailed = UNDELIVERABLE\nsent = ENROUTE",
}


@pytest.fixture
def gateway():
    return make_gateway(kind="http", receipts_per_segment=False, http_settings=RULES, rate=1000)


@pytest.fixture
def message(gateway):
    """One queued message of three segments."""
    member = make_sender()
    version = approved_template(member.organization, LONG).approved
    task = a_sending_task(1, member=member, template_version=version, gateway=gateway)
    (message,) = make_messages(task)
    assert message.segments == 3
    return message


@pytest.fixture
def journal(tmp_path, gateway):
    journal = Journal.create(tmp_path, gateway_id=gateway.pk, slot=1)
    yield journal
    journal.close()


def send(gateway, journal, answer):
    """Claim, send to a server that answers so, and write down what came of it."""
    (item,) = claim(gateway, journal.name, 500).outgoing

    async def on_the_wire():
        async with Server(answer) as server:
            url = {"url": f"http://127.0.0.1:{server.port}/send"}
            connection = build("http", replace(config, settings=gateway.http_settings | url))
            await connection.open(no_receipts)
            attempt = await submit.send(
                item, connection, journal, may_write=lambda: True, next_moment=lambda: 0.0
            )
            await connection.close()
            return attempt, server.seen

    config = config_of(gateway)
    attempt, seen = asyncio.run(on_the_wire())
    ids = (item.organization_id, item.task_id, item.lane, item.batch_id)
    finished = Finished(*ids, attempt, timezone.now())
    results.write(gateway, [finished], [item.batch_id])
    return [json.loads(one.body) for one in seen]


def bring(client, gateway, **receipt):
    """Bring a receipt, and apply it as often as it asks for."""
    url = reverse("api:receipts", args=[gateway.receipt_secret])
    assert client.post(url, receipt, content_type="application/json").status_code == 200
    for _ in range(5):
        ReceiptInbox.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
        inbox.apply_due()


def state_of(message):
    return Message.objects.get(pk=message.pk).state


def test_one_request_carries_the_text_and_one_receipt_settles_it(client, gateway, message, journal):
    (sent,) = send(gateway, journal, lambda seen: response(b'{"id": "m-1"}', "202 Accepted"))
    assert sent == {"to": message.msisdn, "text": text_of(message), "ref": f"{message.pk}-1"}
    assert state_of(message) == MessageState.SUBMITTED
    submission = Submission.objects.get()
    assert (submission.gateway_message_id, submission.segment) == ("m-1", 3)
    bring(client, gateway, id="m-1", status="delivered")
    assert state_of(message) == MessageState.DELIVERED


def test_a_temporary_refusal_sends_the_whole_text_again(gateway, message, journal):
    send(gateway, journal, lambda seen: response(b"", "429 Too Many Requests"))
    assert (state_of(message), due_ids()) == (MessageState.QUEUED, [message.pk])
    Batch.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    (sent,) = send(gateway, journal, lambda seen: response(b'{"id": "m-2"}'))
    assert (sent["text"], sent["ref"]) == (text_of(message), f"{message.pk}-2")
    assert state_of(message) == MessageState.SUBMITTED


def test_a_refusal_for_good_is_kept_with_its_code(gateway, message, journal):
    send(gateway, journal, lambda seen: response(b"", "400 Bad Request"))
    assert (state_of(message), due_ids()) == (MessageState.REJECTED, [])
    assert Message.objects.get(pk=message.pk).code == "HTTP_400"


def test_what_was_in_doubt_is_settled_by_its_receipt_and_not_sent_again(
    client, gateway, message, journal
):
    send(gateway, journal, lambda seen: None)
    assert (state_of(message), due_ids()) == (MessageState.IN_DOUBT, [])
    bring(client, gateway, id="m-9", status="delivered", to=message.msisdn)
    assert (state_of(message), due_ids()) == (MessageState.DELIVERED, [])
    assert Submission.objects.filter(gateway_message_id="m-9").get().segment == 3


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([], MessageState.QUEUED),
        (["S {} 1 3 3"], MessageState.IN_DOUBT),
        (["S {} 1 3 3", "R {} 1 3 A m-1"], MessageState.SUBMITTED),
        (["S {} 1 3 3", "R {} 1 3 T THROTTLED"], MessageState.QUEUED),
        (["S {} 1 3 3", "R {} 1 3 P HTTP_400"], MessageState.REJECTED),
    ],
)
def test_the_journal_of_a_dead_sender_proves_the_same(gateway, message, journal, records, state):
    claim(gateway, journal.name, 500)
    with journal.path.open("a") as file:
        file.writelines(record.format(message.pk) + "\n" for record in records)
    journal.close()
    assert recovery.recover_dead(journal.path.parent) == 1
    assert state_of(message) == state


def test_the_rest_of_a_text_is_not_sent_alone(gateway, message):
    Message.objects.filter(pk=message.pk).update(attempt=1)
    Submission.objects.create(
        organization_id=message.organization_id,
        message_id=message.pk,
        gateway_id=make_gateway().pk,
        segment=2,
        attempt=1,
        gateway_message_id="elsewhere",
        command_status="ESME_ROK",
        submitted_at=timezone.now(),
    )
    assert not claim(gateway, "journal-1", 500).outgoing
    assert state_of(message) == MessageState.REJECTED
    assert Message.objects.get(pk=message.pk).code == Reason.PARTLY_SENT


@pytest.mark.parametrize("code", [Reason.PARTLY_SENT, "THROTTLED", "NOT_CONNECTED", "HTTP_400"])
def test_its_codes_have_sentences(code):
    assert explain(code).code == code
    assert explain(code).what
    assert explain(code).source != "NETWORK"


def in_parts(*ids):
    body = json.dumps({"parts": [{"id": one} for one in ids]}).encode()
    return lambda seen: response(body)


@pytest.fixture
def cutting(gateway):
    """A gateway that cuts texts itself and gives every part an id and a receipt of its own."""
    gateway.http_settings = PARTS
    gateway.save()
    return gateway


@pytest.mark.parametrize("ids", [["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]])
def test_a_text_cut_by_the_gateway_is_delivered_when_every_part_is(
    client, cutting, message, journal, ids
):
    send(cutting, journal, in_parts(*ids))
    assert state_of(message) == MessageState.SUBMITTED
    for identifier in ids:
        assert state_of(message) == MessageState.SUBMITTED
        bring(client, cutting, id=identifier, status="delivered")
        # Said twice, it is still one part.
        bring(client, cutting, id=ids[0], status="delivered")
    assert state_of(message) == MessageState.DELIVERED


def test_one_part_that_failed_decides(client, cutting, message, journal):
    send(cutting, journal, in_parts("a", "b"))
    bring(client, cutting, id="b", status="failed")
    assert state_of(message) == MessageState.UNDELIVERABLE


def test_a_receipt_of_one_part_settles_no_doubt(client, cutting, message, journal):
    send(cutting, journal, lambda seen: None)
    bring(client, cutting, id="a", status="delivered", to=message.msisdn)
    assert state_of(message) == MessageState.IN_DOUBT


@pytest.fixture
def sharing(gateway):
    """A gateway that reports every part of a text, all of them under the id of the whole."""
    gateway.http_settings = SHARED
    gateway.save()
    return gateway


def test_parts_that_nothing_tells_apart_never_make_a_delivered_message(
    client, sharing, message, journal
):
    send(sharing, journal, lambda seen: response(b'{"id": "m-1"}'))
    # Three parts were reported, or one of them three times.
    for _ in range(message.segments + 1):
        bring(client, sharing, id="m-1", status="delivered")
        assert state_of(message) == MessageState.SUBMITTED
    assert DeliveryReceipt.objects.filter(message_id=message.pk).count() == message.segments + 1
    step(MessageState.UNKNOWN, [message.pk])
    bring(client, sharing, id="m-1", status="delivered")
    assert state_of(message) == MessageState.UNKNOWN


@pytest.mark.parametrize("before", [[], ["delivered"], ["delivered", "delivered", "delivered"]])
def test_a_part_that_failed_decides_whatever_was_said_before(
    client, sharing, message, journal, before
):
    send(sharing, journal, lambda seen: response(b'{"id": "m-1"}'))
    for status in [*before, "failed"]:
        bring(client, sharing, id="m-1", status=status)
    assert state_of(message) == MessageState.UNDELIVERABLE


def test_a_report_of_a_part_proves_that_what_was_in_doubt_was_taken(
    client, sharing, message, journal
):
    send(sharing, journal, lambda seen: None)
    bring(client, sharing, id="m-9", status="delivered", to=message.msisdn)
    assert (state_of(message), due_ids()) == (MessageState.SUBMITTED, [])
    bring(client, sharing, id="m-9", status="failed", to=message.msisdn)
    assert state_of(message) == MessageState.UNDELIVERABLE


def test_a_text_of_one_segment_is_delivered_by_the_report_of_its_only_part(
    client, sharing, journal
):
    member = make_sender()
    version = approved_template(member.organization, "Harbourline: boarding now").approved
    task = a_sending_task(1, member=member, template_version=version, gateway=sharing)
    (message,) = make_messages(task)
    assert message.segments == 1
    send(sharing, journal, lambda seen: response(b'{"id": "m-1"}'))
    bring(client, sharing, id="m-1", status="sent")
    assert state_of(message) == MessageState.SUBMITTED
    bring(client, sharing, id="m-1", status="delivered")
    assert state_of(message) == MessageState.DELIVERED


def test_ids_of_their_own_tell_parts_apart_whatever_a_receipt_covers(
    client, sharing, message, journal
):
    sharing.http_settings = PARTS | {"receipt_covers": "part"}
    sharing.save()
    send(sharing, journal, in_parts("a", "b"))
    bring(client, sharing, id="b", status="delivered")
    bring(client, sharing, id="a", status="delivered")
    assert state_of(message) == MessageState.DELIVERED
