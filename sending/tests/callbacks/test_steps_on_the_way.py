"""Steps before the end: told in forms to programs of Twilio's API, in order, and to no others."""

from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import CallbackDialect
from sending.callbacks import delivery, rounds
from sending.lifecycle import DoorName, MessageState
from sending.models import CallbackEvent
from sending.models.stepping import step
from sending.tests.api.twilio.program import make_auth_token
from sending.tests.callbacks.outbox import make_application, make_submitted, time_has_come
from sending.tests.callbacks.receivers import Receiver
from sending.tests.factories import a_number
from sending.tests.program_factories import make_program_messages

pytestmark = pytest.mark.django_db


def message_of(application, door=DoorName.TWILIO, **asked):
    (message,) = make_program_messages(
        application.organization,
        [a_number(1)],
        application=application,
        door=door.value,
        **asked,
    )
    return message.pk


def move(pk, *states):
    for state in states:
        step(state, [pk])


SENT = (MessageState.SUBMITTING, MessageState.SUBMITTED)


@pytest.fixture
def application(receiver):
    application = make_application(receiver.url)
    application.callback_dialect = CallbackDialect.TWILIO.value
    application.save()
    make_auth_token(application)
    return application


def status_of(told):
    return dict(parse_qsl(told.body.decode()))["MessageStatus"]


def statuses(receiver):
    return [status_of(told) for told in receiver.told]


def test_the_application_is_told_that_it_was_sent_and_how_it_ended(application, receiver):
    move(message_of(application), *SENT, MessageState.UNDELIVERABLE)
    rounds.deliver()
    assert statuses(receiver) == ["sent", "undelivered"]
    assert [event.is_pullable for event in CallbackEvent.objects.order_by("pk")] == [False, True]


def test_nobody_is_told_twice_that_a_message_was_sent(application, receiver):
    pk = message_of(application)
    move(pk, *SENT, MessageState.UNKNOWN)
    rounds.deliver()
    assert statuses(receiver) == ["sent"]
    unknown = CallbackEvent.objects.order_by("pk").last()
    assert (unknown.state, unknown.due_at, unknown.is_pullable) == ("UNKNOWN", None, True)
    move(pk, MessageState.DELIVERED)
    rounds.deliver()
    assert statuses(receiver) == ["sent", "delivered"]


def test_what_was_in_doubt_and_stays_unknown_is_told_as_sent(application, receiver):
    states = (MessageState.SUBMITTING, MessageState.IN_DOUBT, MessageState.UNKNOWN)
    move(message_of(application), *states)
    rounds.deliver()
    assert statuses(receiver) == ["sent"]


@pytest.mark.parametrize("door", [DoorName.TENCENT, DoorName.VERIFY, DoorName.SMPP])
def test_programs_at_other_doors_hear_of_ends_alone(application, door):
    move(message_of(application, door), *SENT)
    assert not CallbackEvent.objects.exists()


def test_a_task_pays_nothing_for_steps_that_it_does_not_tell(application):
    with CaptureQueriesContext(connection) as asked:
        make_submitted(application, 3)
    tables = {"sending_apimessage", "sending_callbackevent"}
    assert not [query for query in asked.captured_queries if any(t in query["sql"] for t in tables)]


@pytest.mark.parametrize("put_aside", [False, True])
def test_receivers_of_json_are_told_no_steps(application, receiver, put_aside):
    pk = message_of(application)
    move(pk, *SENT)
    if put_aside:
        CallbackEvent.objects.update(aside_until=timezone.now())
    application.callback_dialect = CallbackDialect.TENCENT.value
    application.save()
    rounds.deliver()
    assert not receiver.told
    assert CallbackEvent.objects.get().dead_at is not None
    move(pk, MessageState.DELIVERED)
    time_has_come()
    rounds.deliver()
    assert b'"SUCCESS"' in receiver.told[0].body


@pytest.mark.parametrize("status", [404, 422])
def test_a_step_that_is_refused_is_given_up_and_the_end_is_told(application, status):
    answers = {"sent": (status, b"")}
    with Receiver(lambda told: answers.get(status_of(told), (200, b""))) as picky:
        application.callback_url = picky.url
        application.save()
        move(message_of(application), *SENT, MessageState.DELIVERED)
        for _round in range(delivery.MOST_TRIES_ON_THE_WAY + 1):
            rounds.deliver()
            time_has_come()
        assert statuses(picky) == ["sent", "sent", "delivered"]
    sent, delivered = CallbackEvent.objects.order_by("pk")
    assert sent.dead_at is not None
    assert delivered.delivered_at is not None
