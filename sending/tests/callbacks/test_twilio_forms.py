"""Callbacks in the words of Twilio: forms, signatures, URLs of messages, answers in TwiML."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from django.utils import timezone

from accounts.models import CallbackDialect
from accounts.sids import sid_of
from sending.api.callers import caller_of
from sending.api.twilio.resources import resources
from sending.callbacks import delivery, rounds
from sending.dialects.twilio.signing import signature, signed_url
from sending.dialects.twilio.twiml import message_in
from sending.lifecycle import DoorName, MessageState, SaidBy
from sending.models import (
    ApiMessage,
    CallbackEndpoint,
    CallbackEvent,
    CallbackKind,
    DeliveryReceipt,
    Message,
    MessageSequence,
)
from sending.models.stepping import MessageChange, step
from sending.replies import twiml_answers
from sending.tests.api.twilio.program import make_auth_token
from sending.tests.callbacks.outbox import (
    endpoint_of,
    make_application,
    make_reply,
    make_reports,
    time_has_come,
)
from sending.tests.callbacks.receivers import Receiver
from sending.tests.factories import PLAIN_BODY, a_number, make_gateway, make_prices
from sending.tests.program_factories import make_program_messages
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db


def twilio_application(url="", reply_url=""):
    application = make_application(url, reply_url)
    application.callback_dialect = CallbackDialect.TWILIO.value
    application.save()
    application.token = make_auth_token(application)
    return application


def make_receipt(event):
    DeliveryReceipt.objects.create(
        organization_id=event.organization_id,
        message_id=event.subject_id,
        gateway_id=1,
        gateway_message_id="1",
        message_state=event.state,
        said_by=SaidBy.NETWORK.value,
        done_at=datetime(2026, 11, 30, 12, 5, tzinfo=UTC),
        received_at=timezone.now(),
    )


def form_of(told):
    return dict(parse_qsl(told.body.decode(), keep_blank_values=True, strict_parsing=True))


def named_message(application, url, state=MessageState.DELIVERED, number=1):
    (message,) = make_program_messages(
        application.organization,
        [a_number(number)],
        application=application,
        status_callback=url,
        door=DoorName.TWILIO.value,
    )
    CallbackEndpoint.objects.get_or_create(
        application_id=application.pk,
        organization_id=application.organization_id,
        kind=CallbackKind.NAMED.value,
    )
    for to in (MessageState.SUBMITTING, MessageState.SUBMITTED):
        step(to, [message.pk])
    step(state, [MessageChange(message.pk)], said_by=SaidBy.NETWORK)
    return message


def test_the_known_vector_is_signed():
    form = {"ErrorCode": "", "MessageSid": "SM1", "MessageStatus": "delivered", "To": "+1"}
    url = "https://example.com:8443/cb?x=1&y=a%20b"
    assert signature("12345", url, form) == "tEL8okMrIz/VEsnK7yTBu+BEXLg="


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("https://e.com", "https://e.com/"),
        ("https://e.com?a=1", "https://e.com/?a=1"),
        ("https://e.com:8443/x%20y?a=%2F#rc=2", "https://e.com:8443/x%20y?a=%2F"),
    ],
)
def test_a_url_is_called_as_it_is_signed(url, called):
    assert signed_url(url) == called


def test_a_report_is_a_signed_form(receiver):
    application = twilio_application(receiver.url + "?a=%20b")
    make_reports(application, 2, state=MessageState.UNDELIVERABLE)
    make_receipt(CallbackEvent.objects.order_by("pk")[0])
    rounds.deliver()
    assert len(receiver.told) == 2
    told = receiver.told[0]
    form = form_of(told)
    event = CallbackEvent.objects.order_by("pk")[0]
    assert form == {
        "MessageSid": sid_of("SM", event.subject_id),
        "SmsSid": sid_of("SM", event.subject_id),
        "AccountSid": application.account_sid,
        "MessagingServiceSid": application.service_sid,
        "ApiVersion": "2010-04-01",
        "MessageStatus": "undelivered",
        "SmsStatus": "undelivered",
        "To": a_number(1),
        "From": application.originator,
        "ErrorCode": "30008",
        "RawDlrDoneDate": "2611301205",
    }
    assert told.headers["content-type"].startswith("application/x-www-form-urlencoded")
    expected = signature(application.token.secret_key, receiver.url + "?a=%20b", form)
    assert told.headers["x-twilio-signature"] == expected
    assert told.headers["i-twilio-idempotency-token"] == f"event-{event.pk}"
    assert not CallbackEvent.objects.filter(due_at__isnull=False).exists()


def test_nothing_goes_out_without_a_token(receiver):
    application = twilio_application(receiver.url)
    application.token.delete()
    make_reports(application)
    rounds.deliver()
    assert not receiver.told
    assert endpoint_of(application).error == delivery.TOKEN_MISSING


def test_a_message_is_told_where_it_named(receiver):
    application = make_application()
    make_auth_token(application)
    message = named_message(application, receiver.url)
    assert set(CallbackEvent.objects.values_list("kind", "subject_id")) == {
        (CallbackKind.NAMED.value, message.pk)
    }
    rounds.deliver()
    assert [form_of(told)["MessageStatus"] for told in receiver.told] == ["sent", "delivered"]
    assert all(told.headers["x-twilio-signature"] for told in receiver.told)


def test_a_url_that_fails_holds_up_no_other_message(receiver):
    application = make_application()
    make_auth_token(application)
    with Receiver(lambda told: (500, b"")) as failing:
        named_message(application, failing.url)
        named_message(application, receiver.url, number=2)
        rounds.deliver()
        # What follows it of the same message waits with it.
        assert len(failing.told) == 1
        assert len(receiver.told) == 2
        put_aside, waiting = CallbackEvent.objects.filter(due_at__isnull=False).order_by("pk")
        assert put_aside.aside_until > timezone.now()
        time_has_come()
        rounds.deliver()
        # Once more, then the step on the way is given up and the end has its turn.
        assert len(failing.told) == 3
    ApiMessage.objects.update(status_callback="")
    time_has_come()
    rounds.deliver()
    waiting.refresh_from_db()
    assert waiting.error == delivery.BAD_URL


TWIML = b'<?xml version="1.0"?><Response><Message>%s</Message></Response>' % PLAIN_BODY.encode()


def test_a_reply_is_told_and_its_answer_is_sent_once():
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    with Receiver(lambda told: (200, TWIML)) as receiver:
        application = twilio_application(reply_url=receiver.url)
        approved_template(application.organization, PLAIN_BODY, SmsType.NOTIFICATION)
        event = make_reply(application, "Wann öffnen Sie?", originator="Lumen", keyword="")
        rounds.deliver(heard=twiml_answers.heard)
        form = form_of(receiver.told[0])
        assert (form["From"], form["To"]) == (a_number(1), "Lumen")
        assert (form["Body"], form["NumMedia"]) == ("Wann öffnen Sie?", "0")
        assert (form["SmsStatus"], form["SmsMessageSid"]) == ("received", form["MessageSid"])
        message = Message.objects.get()
        assert message.msisdn == a_number(1)
        assert ApiMessage.objects.get().request_id == f"twiml-{event.pk}"
        (shown,) = resources(caller_of(application.account_sid), ApiMessage.objects.all())
        assert shown["direction"] == "outbound-reply"
        # As if a worker had been killed before it wrote down the answer.
        CallbackEvent.objects.update(due_at=timezone.now(), delivered_at=None)
        rounds.deliver(heard=twiml_answers.heard)
        assert len(receiver.told) == 2
    assert Message.objects.count() == 1


def test_an_answer_that_may_not_be_sent_is_left_out(caplog):
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    other = b"<Response><Message>Nobody approved this</Message></Response>"
    with Receiver(lambda told: (200, other)) as receiver:
        application = twilio_application(reply_url=receiver.url)
        make_reply(application)
        rounds.deliver(heard=twiml_answers.heard)
    assert not Message.objects.exists()
    assert not CallbackEvent.objects.filter(due_at__isnull=False).exists()
    assert "TEXT_UNMATCHED" in caplog.text
    assert "Nobody approved" not in caplog.text


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (TWIML, PLAIN_BODY),
        (b"<Response><Message><Body>Hi &amp; bye</Body></Message></Response>", "Hi & bye"),
        (b"<Response><Message>first</Message><Message>second</Message></Response>", "first"),
        ("<Response><Message>你好</Message></Response>".encode(), "你好"),
        (b"<Response/>", ""),
        (b"", ""),
        (b"OK", ""),
        (b"<Response><Message>not closed</Response>", ""),
        (b"<Other><Message>x</Message></Other>", ""),
        (b"<Response><Redirect>/x</Redirect></Response>", ""),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Response><Message>&b;</Message></Response>', ""),
        (b"<a>" * 20_000, ""),
        (b"<Response><Message>" + b"x" * 2_000 + b"</Message></Response>", ""),
        (b'<?xml version="1.0" encoding="nonsense"?><Response/>', ""),
    ],
)
def test_only_the_text_of_a_message_is_read(document, text):
    assert message_in(document) == text
