"""Segments become replies: each text once, in any order and alphabet, or what came of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import SmsApplication
from sending import tasks
from sending.models import CallbackEvent, InboundMessage, InboundSegment, Message
from sending.replies import assignment, segments
from sending.sms.data_coding import DataCoding
from sending.tests.factories import a_number
from sending.tests.replies.handsets import (
    NUMBER,
    SHORT_CODE,
    answer,
    came,
    pdus,
    put_together,
    sent_message,
    wait_a_day,
)

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Η απάντηση είναι μεγάλη 😀. " * 12


def texts():
    return list(InboundMessage.objects.order_by("pk").values_list("text", flat=True))


def test_a_reply_has_all_that_its_organization_is_told(gateway, woken):
    message = sent_message()
    answer(message, "Yes, at nine")
    reply = InboundMessage.objects.get()
    assert (reply.organization_id, reply.application_id, reply.answers_message_id) == (
        message.organization_id,
        message.application_id,
        message.pk,
    )
    assert (reply.msisdn, reply.country, reply.originator) == (NUMBER, "HK", SHORT_CODE)
    assert (reply.text, reply.keyword, reply.is_incomplete) == ("Yes, at nine", "", False)
    assert reply.is_newest
    assert reply.read_at is None
    event = CallbackEvent.objects.get(kind="REPLY")
    assert (event.subject_id, event.is_pullable, event.due_at) == (reply.pk, True, None)
    assert not InboundSegment.objects.exists()
    assert "put_replies_together" in woken


def test_a_reply_is_called_back_where_there_is_a_url(gateway):
    message = sent_message()
    SmsApplication.objects.filter(pk=message.application_id).update(
        reply_callback_url="https://a.example/"
    )
    answer(message, "Thanks")
    assert CallbackEvent.objects.get(kind="REPLY").due_at


@pytest.mark.parametrize("coding", [DataCoding.UCS2, DataCoding.GSM7])
def test_segments_come_in_any_order_and_more_than_once(gateway, coding):
    sent_message()
    text = LONG if coding is DataCoding.UCS2 else "It costs 5 € or {more} [each]. " * 12
    parts = pdus(text, coding, size=133)
    assert len(parts) > 2
    for part in [parts[1], parts[-1], parts[1], *parts[2:-1]]:
        came(gateway, [part])
        put_together()
    assert texts() == []
    came(gateway, [parts[0]])
    put_together()
    # Too late, and known nevertheless.
    came(gateway, [parts[2], parts[0]])
    put_together()
    assert texts() == [text]
    assert not InboundSegment.objects.filter(done_at=None).exists()
    assert not InboundSegment.objects.exclude(text="").exists()


def test_what_tells_repetitions_leaves_after_a_day(gateway):
    sent_message()
    came(gateway, pdus(LONG))
    put_together()
    assert segments.forget_done() == 0
    day_ago = timezone.now() - timedelta(hours=25)
    InboundSegment.objects.update(done_at=day_ago)
    assert segments.forget_done() == len(pdus(LONG))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(10, 100))
def test_several_people_at_once_in_random_order(gateway_of_all, chance, size):
    InboundMessage.objects.all().delete()
    InboundSegment.objects.all().delete()
    wanted = {a_number(n): f"{LONG[: 100 + n]} {n}" for n in (1, 2)}
    all_parts = [
        part for number, text in wanted.items() for part in pdus(text, size=2 * size, source=number)
    ]
    deliveries = [*all_parts, *chance.choices(all_parts, k=len(all_parts) // 2)]
    chance.shuffle(deliveries)
    while deliveries:
        took = chance.randint(1, len(deliveries))
        came(gateway_of_all, deliveries[:took])
        del deliveries[:took]
        put_together()
    assert dict(InboundMessage.objects.values_list("msisdn", "text")) == wanted
    assert InboundMessage.objects.count() == 2


@pytest.fixture
def gateway_of_all(gateway):
    for number in (1, 2):
        sent_message(number=a_number(number))
    return gateway


def test_what_never_came_is_shown_as_a_gap_after_a_day(gateway):
    sent_message()
    parts = pdus(LONG)
    came(gateway, parts[:1])
    put_together()
    assert texts() == []
    wait_a_day()
    # The message was there before that day.

    Message.objects.update(created_at=timezone.now() - timedelta(hours=30))
    put_together()
    (reply,) = InboundMessage.objects.all()
    assert reply.is_incomplete
    assert reply.text == LONG.encode("utf-16-be")[:134].decode("utf-16-be") + "[…]"


def test_an_answer_is_given_twice_if_it_is_sent_twice(gateway):
    message = sent_message()
    answer(message, "ok")
    answer(message, "ok")
    assert texts() == ["ok", "ok"]
    assert InboundMessage.objects.filter(is_newest=True).count() == 1


def test_of_many_workers_one_makes_the_reply(gateway):
    sent_message()
    for n in range(5):
        came(gateway, pdus(f"{n} {LONG}", reference=n))
    workers = 4 if connection.vendor == "postgresql" else 2
    together = threading.Barrier(workers)

    def work():
        try:
            together.wait(timeout=60)
            put_together()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        for done in [pool.submit(work) for _worker in range(workers)]:
            done.result(timeout=120)
    assert sorted(texts()) == [f"{n} {LONG}" for n in range(5)]
    assert CallbackEvent.objects.filter(kind="REPLY").count() == 5
    assert InboundMessage.objects.filter(is_newest=True).count() == 1


def test_what_cannot_be_stored_waits_and_delays_nobody(gateway, monkeypatch):
    sent_message()
    sent_message(number=a_number(2))
    came(gateway, [*pdus("first"), *pdus("second", source=a_number(2))])
    real = assignment.assign

    def fails(gateway_id, source, *rest):
        if source == NUMBER[1:]:
            raise ValueError("broken")
        return real(gateway_id, source, *rest)

    monkeypatch.setattr(assignment, "assign", fails)
    put_together()
    assert texts() == ["second"]
    monkeypatch.undo()
    InboundSegment.objects.update(due_at=timezone.now())
    put_together()
    assert texts() == ["second", "first"]


def test_celery_puts_together_what_nobody_was_woken_up_for(gateway, woken):
    sent_message()
    came(gateway, pdus("hello"))
    tasks.put_replies_together()
    assert texts() == ["hello"]
    assert woken == ["put_replies_together", "submit"]


def test_a_handset_that_floods_us_keeps_nobody_from_saying_stop(gateway, monkeypatch):
    monkeypatch.setattr(segments, "A_TURN", 2)
    flooding, other = (
        sent_message(gateway=gateway),
        sent_message(gateway=gateway, number=a_number(2)),
    )
    for number in range(6):
        came(gateway, pdus(f"again {number}", source=flooding.msisdn))
    came(gateway, pdus("STOP", source=other.msisdn))
    assert segments.put_together_due() == 2
    said = list(InboundMessage.objects.order_by("pk").values_list("text", flat=True))
    assert said == ["again 0", "again 1", "STOP"]
    put_together()
    assert InboundMessage.objects.count() == 7
    assert not InboundSegment.objects.exists()
