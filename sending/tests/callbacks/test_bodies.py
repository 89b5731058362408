"""What a receiver reads, field by field, and how it knows that it is from us."""

import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from sending.callbacks import rounds, signing
from sending.lifecycle import MessageState
from sending.models import ApiMessage, CallbackEvent, InboundMessage, Message
from sending.tests.callbacks.outbox import (
    SECRET,
    endpoint_of,
    make_application,
    make_reply,
    make_reports,
)
from sending.tests.factories import a_number

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 4, 30, tzinfo=UTC)


def test_a_report_has_the_fields_of_the_reference(receiver):
    application = make_application(receiver.url)
    (pk,) = make_reports(application)
    CallbackEvent.objects.update(at=NOON)
    rounds.deliver()
    (told,) = receiver.told
    assert told.headers["content-type"] == "application/json"
    assert told.document == [
        {
            "user_receive_time": "2026-06-01 12:30:00",
            "nationcode": "852",
            "mobile": a_number(1).removeprefix("+852"),
            "report_status": "SUCCESS",
            "errmsg": "DELIVRD",
            "description": "Delivered",
            "sid": str(CallbackEvent.objects.get().subject_id),
            "event_id": str(pk),
            "event_time": "2026-06-01T04:30:00Z",
        }
    ]


@pytest.mark.parametrize(
    ("state", "code", "errmsg", "description"),
    [
        (MessageState.UNDELIVERABLE, "", "UNDELIV", "Undeliverable"),
        (MessageState.EXPIRED, "", "EXPIRED", "Expired"),
        (
            MessageState.UNKNOWN,
            "NO_RECEIPT",
            "NO_RECEIPT",
            "The gateway accepted it, and the network never said what became of it.",
        ),
    ],
)
def test_a_failure_says_why(receiver, state, code, errmsg, description):
    make_reports(make_application(receiver.url), state=state, code=code)
    rounds.deliver()
    (report,) = receiver.told[0].document
    said = (report["report_status"], report["errmsg"], report["description"])
    assert said == ("FAIL", errmsg, description)


def test_every_field_of_a_report_is_a_string(receiver):
    make_reports(make_application(receiver.url))
    rounds.deliver()
    assert {type(value) for value in receiver.told[0].document[0].values()} == {str}


def test_what_a_program_gave_along_comes_back(receiver):
    application = make_application(receiver.url)
    make_reports(application, 2)
    first, _other = Message.objects.order_by("pk")
    ApiMessage.objects.create(
        message_id=first.pk,
        organization_id=application.organization_id,
        application_id=application.pk,
        api_key_id=1,
        request_id="r",
        session_context="order 42 é",
    )
    rounds.deliver()
    contexts = [report.get("session_context") for report in receiver.told[0].document]
    assert contexts == ["order 42 é", None]


def test_a_number_is_read_when_it_is_sent_and_not_told_once_erased(receiver):
    make_reports(make_application(receiver.url))
    Message.objects.all().erase()
    rounds.deliver()
    (report,) = receiver.told[0].document
    assert (report["nationcode"], report["mobile"]) == ("", "")
    assert report["sid"] == str(Message.objects.get().pk)


def test_a_reply_goes_alone_with_its_own_fields(receiver):
    application = make_application("", receiver.url)
    make_reports(application)
    answered = Message.objects.get()
    first = make_reply(application, "Ja, gerne ☕", answers_message_id=answered.pk)
    second = make_reply(application)
    CallbackEvent.objects.update(at=NOON)
    rounds.deliver()
    assert [told.event_ids for told in receiver.told] == [[first.pk], [second.pk]]
    assert receiver.told[0].document == {
        "extend": "",
        "mobile": a_number(1).removeprefix("+852"),
        "nationcode": "852",
        "sign": "",
        "text": "Ja, gerne ☕",
        "time": int(NOON.timestamp()),
        "sid": str(answered.pk),
        "event_id": str(first.pk),
        "event_time": "2026-06-01T04:30:00Z",
    }


def test_an_erased_reply_is_told_without_number_and_text(receiver):
    make_reply(make_application("", receiver.url))
    InboundMessage.objects.update(msisdn="", text="")
    rounds.deliver()
    document = receiver.told[0].document
    assert (document["mobile"], document["nationcode"], document["text"]) == ("", "", "")


def test_the_signature_of_docs_callbacks():
    body = b'[{"mobile":"51230001"}]'
    assert signing.signature("secret", 1_764_000_000, body) == (
        "v1=" + hmac.new(b"secret", b"1764000000." + body, hashlib.sha256).hexdigest()
    )
    assert signing.signature("secret", 1_764_000_000, body).endswith("adda3e422ebcc02d")


def test_headers_name_event_and_sequence_and_prove_the_body(receiver):
    application = make_application(receiver.url)
    ids = make_reports(application, 2)
    rounds.deliver()
    make_reports(application, 1, first=5)
    rounds.deliver()
    first, second = receiver.told
    assert first.headers["smsconsole-application"] == application.sdk_app_id
    assert first.headers["smsconsole-event-kind"] == "STATUS"
    assert first.event_ids == ids == [int(each["event_id"]) for each in first.document]
    assert [told.headers["smsconsole-sequence"] for told in (first, second)] == ["1", "2"]
    for told in (first, second):
        timestamp = int(told.headers["smsconsole-timestamp"])
        expected = signing.signature(SECRET, timestamp, told.body)
        assert told.headers["smsconsole-signature"] == expected


def test_nothing_goes_out_unsigned(receiver):
    application = make_application(receiver.url, secret="")
    make_reports(application)
    rounds.deliver()
    application.refresh_from_db()
    assert len(application.callback_secret) >= 40
    assert endpoint_of(application).failures == 0
    (told,) = receiver.told
    timestamp = int(told.headers["smsconsole-timestamp"])
    expected = signing.signature(application.callback_secret, timestamp, told.body)
    assert told.headers["smsconsole-signature"] == expected
