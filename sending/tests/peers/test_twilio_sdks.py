"""Every operation and every kind of refusal, by the official SDKs, against a live server.

What a program changes is the address alone.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.actions import create_key
from accounts.models import KeyKind
from accounts.sids import sid_of
from sending import tasks
from sending.api import callers
from sending.api.twilio import callback_rows, messages
from sending.dialects.twilio.signing import signature
from sending.lifecycle import MessageState
from sending.models import ApiMessage, Message, MessageSequence
from sending.tests.api.twilio.program import make_auth_token
from sending.tests.factories import (
    CODE_BODY,
    PLAIN_BODY,
    a_number,
    default_application,
    make_gateway,
    make_prices,
    make_sender,
    move,
)
from sending.tests.peers.sdk import TWILIO_KINDS, Sdk
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.peers


@pytest.fixture(scope="module", params=TWILIO_KINDS)
def sdk(request):
    program = Sdk(request.param)
    yield program
    program.stop()


class Caller:
    """The SDK with the auth token of an application."""

    def __init__(self, sdk, server, key) -> None:
        self.sdk, self.key = sdk, key
        self.application = key.application
        self.wish = {
            "base": server.url,
            "user": key.secret_id,
            "password": key.secret_key,
            "account": key.application.account_sid,
        }

    def __call__(self, call, sid=None, arguments=None, **changes):
        """Return the result of a call."""
        said = self.raw(call, sid, arguments, **changes)
        assert "raised" not in said, said
        return said["result"]

    def raw(self, call, sid=None, arguments=None, **changes):
        wish = {"call": call, "sid": sid, "arguments": arguments or {}}
        return self.sdk.call(self.wish | wish | changes)

    def refused(self, call, sid=None, arguments=None, **changes):
        """Return (status, code) of the exception that old code catches."""
        said = self.raw(call, sid, arguments, **changes)
        kind = "RestException" if self.sdk.kind == "twilio-node" else "TwilioRestException"
        assert said.get("raised") == kind, said
        assert said["message"]
        return said["status"], said["code"]

    def wants(self, number=0, **changes):
        """What an ordinary script sends."""
        wish = {
            "to": a_number(number),
            "messaging_service_sid": self.application.service_sid,
            "body": PLAIN_BODY,
        }
        return wish | changes


@pytest.fixture
def member(monkeypatch, transactional_db):
    callers.forget()
    callback_rows.forget()
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    return make_sender()


@pytest.fixture
def call(sdk, live_server, member):
    application = default_application(member.organization)
    approved_template(member.organization, PLAIN_BODY, SmsType.NOTIFICATION)
    return Caller(sdk, live_server, make_auth_token(application))


def test_a_message_from_beginning_to_end(call) -> None:
    made = call("create", arguments=call.wants(status_callback="https://shop.example/sms"))
    assert made["body"] == PLAIN_BODY
    assert (made["status"], made["direction"]) == ("queued", "outbound-api")
    assert (made["num_segments"], made["num_media"]) == ("1", "0")
    # Neither now nor anything else: it was not sent.
    assert made["date_sent"] is None
    assert (made["error_code"], made["error_message"], made["price"]) == (None, None, None)
    created = datetime.fromisoformat(made["date_created"])
    assert abs(timezone.now() - created.replace(tzinfo=UTC)) < timedelta(minutes=1)
    assert ApiMessage.objects.get().status_callback == "https://shop.example/sms"
    move([Message.objects.get()], MessageState.UNDELIVERABLE)
    fetched = call("fetch", made["sid"])
    assert (fetched["status"], fetched["error_code"]) == ("undelivered", 30008)
    assert fetched["price"].startswith("-")
    assert fetched["price_unit"] == "usd"
    assert call("feedback", made["sid"], {"outcome": "confirmed"}) == "confirmed"
    assert ApiMessage.objects.get().converted_at is not None
    assert call("media", made["sid"]) == 0
    assert call("update", made["sid"], {"body": ""})["body"] == ""
    assert call("delete", made["sid"]) is True
    assert call.refused("fetch", made["sid"]) == (404, 20404)


def test_other_ways_to_send(call, member) -> None:
    template = approved_template(member.organization, CODE_BODY, SmsType.OTP)
    wish = call.wants(
        content_sid=sid_of("HX", template.pk), content_variables='{"1": "482913", "2": "5"}'
    )
    del wish["body"]
    assert "482913" in call("create", arguments=wish)["body"]
    at = (timezone.now() + timedelta(hours=1)).isoformat(timespec="seconds")
    made = call("create", arguments=call.wants(schedule_type="fixed", send_at=at))
    assert made["status"] == "scheduled"
    assert call("update", made["sid"], {"status": "canceled"})["status"] == "canceled"
    assert call.refused("update", made["sid"], {"status": "canceled"}) == (400, 30409)


def test_three_pages_and_filters(call) -> None:
    sids = [call("create", arguments=call.wants(number))["sid"] for number in range(5)]
    assert call("list", arguments={"page_size": 2}) == sids[::-1]
    assert call("list", arguments={"page_size": 2, "limit": 3}) == sids[:1:-1]
    assert call("list", arguments={"to": a_number(3)}) == [sids[3]]
    yesterday = (timezone.now() - timedelta(days=1)).isoformat(timespec="seconds")
    assert call("list", arguments={"date_sent_after": yesterday}) == sids[::-1]
    assert call("list", arguments={"date_sent_before": yesterday}) == []


REFUSALS = [
    ({"to": "+1234"}, (400, 21211)),
    ({"body": "Nobody has approved this."}, (400, 21618)),
    ({"body": "x" * 1601}, (400, 21617)),
    ({"messaging_service_sid": "MG" + "0" * 32}, (400, 21701)),
    ({"from_": "+15017122661"}, (400, 21606)),
    ({"content_sid": "HX" + "0" * 32}, (400, 21655)),
    ({"media_url": ["https://example.com/a.png"]}, (400, 21620)),
    ({"validity_period": 36001}, (400, 21624)),
    ({"max_price": 0.001}, (400, 30010)),
    ({"status_callback": "nonsense"}, (400, 21609)),
    ({"schedule_type": "fixed"}, (400, 35111)),
]


def test_refusals_are_exceptions_with_their_codes(call) -> None:
    said = [call.refused("create", arguments=call.wants(**changes)) for changes, _ in REFUSALS]
    assert said == [refusal for _, refusal in REFUSALS]


def test_who_asks(call, member) -> None:
    account = call.application.account_sid
    assert call("account") == {"sid": account, "status": "active", "type": "Full"}
    assert call("balance") == {"balance": None, "currency": "USD"}
    assert call.refused("account", password="wrong") == (401, 20003)
    assert call.refused("fetch", "SM" + "0" * 32) == (404, 20404)
    key = create_key(
        application=call.application,
        actor=member.user,
        name="",
        allowed_networks=[],
        kind=KeyKind.BASIC,
    )
    with_key = {"user": key.secret_id, "password": key.secret_key}
    assert call("account", **with_key)["status"] == "active"
    key.allowed_networks = ["203.0.113.0/24"]
    key.save()
    callers.forget()
    assert call.refused("account", **with_key) == (403, 20003)


def test_a_failure_is_an_exception_and_a_repeat_is_one_message(call, monkeypatch) -> None:
    real = messages.accept_messages

    def accepts_and_fails(*args, **options):
        real(*args, **options)
        raise RuntimeError("after the commit")

    monkeypatch.setattr(messages, "accept_messages", accepts_and_fails)
    assert call.refused("create", arguments=call.wants()) == (500, 20500)
    monkeypatch.setattr(messages, "accept_messages", real)
    call("create", arguments=call.wants())
    assert Message.objects.count() == 1


def test_a_region_of_the_environment_changes_the_host_and_fails(live_server, member) -> None:
    program = Sdk("twilio", TWILIO_REGION="us1")
    try:
        call = Caller(
            program, live_server, make_auth_token(default_application(member.organization))
        )
        said = call.raw("account")
    finally:
        program.stop()
    assert said["code"] is None
    assert "us1" in said["message"] or "resolve" in said["message"].lower(), said


SIGNED = [
    ("https://example.com/cb", {"MessageStatus": "delivered", "To": "+1"}),
    ("https://example.com:8443/cb?x=1&y=a%20b", {"Empty": "", "Body": "Grüße 你好"}),
    ("http://example.com/", {"b": "2", "a": "1", "B": "3"}),
    ("http://example.com/?q=%2F", {}),
]


def test_its_validator_knows_our_signature(sdk) -> None:
    for url, form in SIGNED:
        wish = {"call": "valid", "token": "12345", "url": url, "form": form}
        good = signature("12345", url, form)
        assert sdk.call(wish | {"signature": good}) == {"result": True}
        assert sdk.call(wish | {"signature": signature("1234", url, form)}) == {"result": False}
