"""Messages by the words of Twilio: created once, read back, listed, cancelled, erased, refused."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone

from accounts.sids import id_in, sid_of
from sending.acceptance import messages as acceptance
from sending.acceptance.request import RefusalCode
from sending.api.twilio import messages as door
from sending.delivery.queue.claims import claim
from sending.dialects.twilio.errors import CODE_OF_REFUSAL, CODES
from sending.dialects.twilio.statuses import CODES_OF_ENDS, error_code_of, status_of
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState
from sending.models import ApiMessage, ApiRequest, Gateway, IdempotentRequest, Message, PriceVersion
from sending.models.stepping import MessageChange, step
from sending.tests.api.twilio.program import create, in_
from sending.tests.factories import CODE_BODY, PLAIN_BODY, a_number
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
KEYS = {
    *("account_sid", "api_version", "body", "date_created", "date_sent", "date_updated"),
    *("direction", "error_code", "error_message", "from", "messaging_service_sid", "num_media"),
    *("num_segments", "price", "price_unit", "sid", "status", "subresource_uris", "to", "uri"),
}


@pytest.fixture
def code(application):
    return approved_template(application.organization, CODE_BODY, SmsType.OTP)


def test_a_text_is_sent_and_read_back(program, wish) -> None:
    made = create(program, wish)
    assert set(made) == KEYS
    assert made["sid"].startswith("SM")
    assert made["body"] == PLAIN_BODY
    assert (made["status"], made["direction"]) == ("queued", "outbound-api")
    assert (made["num_segments"], made["num_media"]) == ("1", "0")
    assert (made["price"], made["price_unit"], made["error_code"]) == (None, "usd", None)
    assert made["date_sent"] is None
    assert made["date_created"].endswith(" +0000")
    message = Message.objects.get()
    assert sid_of("SM", message.pk) == made["sid"]
    assert ApiMessage.objects.get().door == "TWILIO"
    fetched = program.ask("GET", made["uri"])
    assert {**fetched, "date_updated": ""} == {**made, "date_updated": ""}


def test_content_is_a_text_template_with_its_variables(program, wish, code) -> None:
    del wish["Body"]
    wish |= {"ContentSid": sid_of("HX", code.pk), "ContentVariables": '{"1":"482913","2":5}'}
    made = create(program, wish)
    assert "482913" in made["body"]
    assert json.loads(Message.objects.get().variables) == ["482913", "5"]
    assert "482913" not in json.dumps(list(ApiRequest.objects.values_list("summary")))
    assert program.ask("GET", made["uri"])["body"] == made["body"]


def test_states_prices_and_codes_are_told_in_its_words(program, wish) -> None:
    made = create(program, wish)
    pk = id_in("SM", made["sid"])
    (item,) = claim(Gateway.objects.get(), "journal", 10).outgoing
    assert program.ask("GET", made["uri"])["status"] == "sending"
    step(MessageState.SUBMITTED, [item.key.message_id])
    sent = program.ask("GET", made["uri"])
    assert sent["status"] == "sent"
    assert sent["price"].startswith("-0.")
    step(MessageState.UNDELIVERABLE, [MessageChange(pk, "000")])
    failed = program.ask("GET", made["uri"])
    assert (failed["status"], failed["error_code"]) == ("undelivered", 30008)
    assert failed["error_message"]


def test_every_state_has_a_word_and_every_failure_a_code() -> None:
    for state in MessageState:
        assert status_of(state)
        code = error_code_of(state, "whatever")
        assert code is None or code in CODES


def test_codes_of_ends_are_codes_that_there_are() -> None:
    ours = {code for code in CODES_OF_ENDS if not code.startswith("ESME_")}
    assert ours <= {reason.value for reason in Reason}
    assert set(CODES_OF_ENDS.values()) <= set(CODES)


def test_every_refusal_has_a_code() -> None:
    assert {str(code) for code in RefusalCode} <= set(CODE_OF_REFUSAL)
    assert set(CODE_OF_REFUSAL.values()) <= set(CODES)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "+1234"}, 21211),
        ({"To": "not a number"}, 21211),
        ({"To": "+8613800138000"}, 21408),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"Body": "Nobody has approved this."}, 21618),
        ({"MessagingServiceSid": ""}, 21603),
        ({"MessagingServiceSid": "MG" + "0" * 32}, 21701),
        ({"From": "+15017122661"}, 21606),
        ({"From": "Nobody"}, 21709),
        ({"From": "Über"}, 21212),
        ({"From": "x" * 61}, 21658),
        ({"MediaUrl": "https://example.com/a.png"}, 21620),
        ({"Body": "", "ContentVariables": '{"1":"a"}'}, 21654),
        ({"ContentRetention": "discard"}, 20001),
        ({"AddressRetention": "obfuscate"}, 20001),
        ({"SmartEncoded": "perhaps"}, 20001),
        ({"ContentSid": "HX1"}, 21655),
        ({"ContentSid": sid_of("HX", 10**6)}, 21655),
        ({"ContentSid": sid_of("HX", 1), "ContentVariables": "{"}, 21656),
        ({"ContentSid": sid_of("HX", 1), "ContentVariables": "[1]"}, 21656),
        ({"ContentSid": sid_of("HX", 1), "ContentVariables": '{"2":"a"}'}, 21656),
        ({"ContentSid": sid_of("HX", 1), "ContentVariables": '{"1":{}}'}, 21656),
        ({"ContentSid": sid_of("HX", 1), "ContentVariables": "[" * 9999}, 21656),
        ({"StatusCallback": "ftp://example.com/"}, 21609),
        ({"StatusCallback": "https://example.com/" + "x" * 500}, 21609),
        ({"ValidityPeriod": "0"}, 21624),
        ({"ValidityPeriod": "36001"}, 21624),
        ({"ValidityPeriod": "soon"}, 21624),
        ({"MaxPrice": "cheap"}, 21627),
        ({"MaxPrice": "nan"}, 21627),
        ({"ScheduleType": "fixed"}, 35111),
        ({"SendAt": "2030-01-01T00:00:00Z"}, 35126),
        ({"ScheduleType": "fixed", "SendAt": "tomorrow"}, 20001),
        ({"ScheduleType": "fixed", "SendAt": "2020-01-01T00:00:00Z"}, 35114),
        ({"ScheduleType": "fixed", "SendAt": "2090-01-01T00:00:00Z"}, 35114),
    ],
)
def test_what_is_wrong_has_its_own_code(program, wish, change, code) -> None:
    assert program.refused("POST", "@/Messages.json", wish | change) == (400, code)
    assert not Message.objects.exists()
    assert code in CODES
    (line,) = ApiRequest.objects.all()
    assert (line.code, line.refused) == (str(code), 1)


def test_a_time_needs_a_service(program, wish) -> None:
    del wish["MessagingServiceSid"]
    wish |= {"From": "Lumen", "ScheduleType": "fixed", "SendAt": in_(hours=1)}
    assert program.refused("POST", "@/Messages.json", wish) == (400, 35118)


def test_a_refusal_says_what_to_do(program, wish) -> None:
    answer = program.ask("POST", "@/Messages.json", wish | {"Body": "Nobody approved this."})
    assert answer["details"]["rule"] == "TEXT_UNMATCHED"
    assert answer["details"]["field"] == "Body"
    assert answer["details"]["hint"]


def test_what_may_not_send_is_refused_as_a_whole(program, wish, application) -> None:
    type(application).objects.filter(pk=application.pk).update(is_enabled=False)
    assert program.refused("POST", "@/Messages.json", wish) == (403, 20005)


def test_a_limit_is_too_many_requests(program, wish) -> None:
    create(program, wish)
    assert program.refused("POST", "@/Messages.json", wish) == (429, 20429)
    assert program.response.headers["Retry-After"]


def test_scheduled_messages_can_be_cancelled_until_they_are_sent(program, wish) -> None:
    wish |= {"ScheduleType": "fixed", "SendAt": in_(hours=1), "ValidityPeriod": "60"}
    made = create(program, wish)
    assert made["status"] == "scheduled"
    asked = ApiMessage.objects.get()
    assert asked.valid_until - asked.due_at == timedelta(seconds=60)
    assert program.ask("GET", made["uri"])["status"] == "scheduled"
    assert not claim(Gateway.objects.get(), "journal", 10).outgoing
    done = program.ask("POST", made["uri"], {"Status": "canceled"})
    assert done["status"] == "canceled"
    assert program.refused("POST", made["uri"], {"Status": "canceled"}) == (400, 30409)
    assert program.refused("POST", made["uri"], {"Status": "sent"}) == (400, 20001)


def test_a_text_is_erased_and_a_message_deleted(program, wish) -> None:
    made = create(program, wish)
    assert program.refused("POST", made["uri"], {"Body": ""}) == (409, 20009)
    assert program.refused("DELETE", made["uri"]) == (409, 20009)
    claim(Gateway.objects.get(), "journal", 10)
    step(MessageState.SUBMITTED, [id_in("SM", made["sid"])])
    assert program.refused("POST", made["uri"]) == (400, 20001)
    assert program.refused("POST", made["uri"], {"Body": "other"}) == (400, 20001)
    assert program.ask("POST", made["uri"], {"Body": ""})["body"] == ""
    assert program.ask("DELETE", made["uri"]) is None
    assert program.response.status_code == 204
    assert program.refused("GET", made["uri"]) == (404, 20404)
    assert program.ask("GET", "@/Messages.json")["messages"] == []


def test_feedback_is_a_conversion(program, wish) -> None:
    made = create(program, wish)
    path = made["uri"].replace(".json", "/Feedback.json")
    told = program.ask("POST", path, {"Outcome": "confirmed"})
    assert program.response.status_code == 201
    assert (told["message_sid"], told["outcome"]) == (made["sid"], "confirmed")
    assert ApiMessage.objects.get().converted_at is not None
    program.ask("POST", path, {"Outcome": "unconfirmed"})
    assert ApiMessage.objects.get().converted_at is None
    assert program.refused("POST", path, {"Outcome": "x"}) == (400, 20001)


def test_there_are_no_media(program, wish) -> None:
    made = create(program, wish)
    assert program.ask("GET", made["subresource_uris"]["media"])["media_list"] == []


def test_pages_follow_one_another_to_the_end(program, wish) -> None:
    sids = [create(program, wish | {"To": a_number(n)})["sid"] for n in range(5)]
    page = program.ask("GET", "@/Messages.json", {"PageSize": "2"})
    assert set(page) == {
        *("messages", "uri", "first_page_uri", "next_page_uri", "previous_page_uri"),
        *("page", "page_size", "start", "end"),
    }
    found = [one["sid"] for one in page["messages"]]
    while page["next_page_uri"]:
        page = program.ask("GET", page["next_page_uri"])
        found += [one["sid"] for one in page["messages"]]
    assert found == sids[::-1]
    assert page["page"] == 2
    while page["previous_page_uri"]:
        page = program.ask("GET", page["previous_page_uri"])
        found = [*(one["sid"] for one in page["messages"]), *found]
    assert (page["page"], len(found)) == (0, 9)
    assert found[:4] == sids[:0:-1]
    bad = {"PageToken": "PASM" + "0" * 32}
    assert program.refused("GET", "@/Messages.json", bad) == (400, 21481)
    assert program.refused("GET", "@/Messages.json", {"PageSize": "1001"}) == (400, 20007)


def test_lists_are_filtered(program, wish) -> None:
    PriceVersion.objects.update(valid_from=timezone.now() - timedelta(days=9))
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        old = create(program, wish)["sid"]
    new = create(program, wish | {"To": a_number(1)})["sid"]

    def listed(fields):
        found = program.ask("GET", "@/Messages.json", fields)["messages"]
        return [one["sid"] for one in found]

    assert listed({"To": a_number(0)}) == [old]
    assert listed({"To": "nobody"}) == []
    assert listed({"From": "Nobody"}) == []
    assert listed({"DateSent>": in_(days=-1)}) == [new]
    assert listed({"DateSent<": in_(days=-1)}) == [old]
    assert listed({"DateSent": in_(days=-2)[:10]}) == [old]
    assert listed({"DateSent": f">={in_(days=-1)}"}) == [new]
    assert listed({"DateSent<": "0001-01-01"}) == []
    assert program.refused("GET", "@/Messages.json", {"DateSent": "x"}) == (400, 20001)


def test_messages_of_others_are_not_there(program, wish) -> None:
    from accounts.models import SmsApplication
    from sending.tests.api.twilio.program import TwilioProgram, make_auth_token

    made = create(program, wish)
    other = SmsApplication.objects.create(
        organization=program.application.organization, name="Other"
    )
    stranger = TwilioProgram(make_auth_token(other))
    path = f"@/Messages/{made['sid']}.json"
    for method, fields in (("GET", ()), ("POST", {"Body": ""}), ("DELETE", ())):
        assert stranger.refused(method, path, fields) == (404, 20404)
    assert stranger.ask("GET", "@/Messages.json")["messages"] == []
    assert program.refused("GET", "@/Messages/SM1.json") == (404, 20404)


def test_a_key_sends_once(program, wish) -> None:
    for name in ("Idempotency-Key", "I-Twilio-Idempotency-Token"):
        made = create(program, wish | {"To": a_number(len(name))}, headers={name: "order-" + name})
        again = create(program, wish | {"To": a_number(len(name))}, headers={name: "order-" + name})
        assert again["sid"] == made["sid"]
        assert program.response.headers["Idempotent-Replayed"] == "true"
        other = program.refused(
            "POST", "@/Messages.json", wish | {"To": a_number(9)}, headers={name: "order-" + name}
        )
        assert other == (409, 20409)
    assert Message.objects.count() == 2
    assert not any(a_number(15) in row.answer for row in IdempotentRequest.objects.all())


def test_a_repeat_after_5xx_is_the_message_that_was_accepted(program, wish, monkeypatch) -> None:
    real = acceptance.accept_messages

    def accepts_and_fails(*args, **options):
        real(*args, **options)
        raise OperationalError("the connection broke after the commit")

    monkeypatch.setattr(door, "accept_messages", accepts_and_fails)
    assert program.refused("POST", "@/Messages.json", wish) == (503, 20503)
    monkeypatch.setattr(door, "accept_messages", real)
    made = create(program, wish)
    assert program.response.headers["Idempotent-Replayed"] == "true"
    assert Message.objects.get().pk == id_in("SM", made["sid"])


def test_a_repeat_after_5xx_is_tried_where_nothing_was_accepted(program, wish, monkeypatch) -> None:
    def fails(*_args, **_options):
        raise OperationalError("before the commit")

    real = acceptance.accept_messages
    monkeypatch.setattr(door, "accept_messages", fails)
    assert program.refused("POST", "@/Messages.json", wish) == (503, 20503)
    monkeypatch.setattr(door, "accept_messages", real)
    create(program, wish)
    assert Message.objects.count() == 1


def test_the_url_of_a_message_is_kept_without_its_fragment(program, wish) -> None:
    create(program, wish | {"StatusCallback": "https://shop.example/sms?a=1#rc=3"})
    assert ApiMessage.objects.get().status_callback == "https://shop.example/sms?a=1"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"To=%ff", "application/x-www-form-urlencoded"),
        (b"To=%00", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(201)), "application/x-www-form-urlencoded"),
        (b"To=\xff", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
    ],
)
def test_a_body_that_is_no_form_is_refused(program, monkeypatch, body, content_type) -> None:
    parts = {"body": body, "content_type": content_type}
    path = "@/Messages.json"
    assert program.refused("POST", path, **parts) == (400, 20001)


def test_a_body_that_is_too_long_is_refused(program) -> None:
    path = "@/Messages.json"
    assert program.refused("POST", path, body=b"a=" + b"x" * 300_000) == (413, 20001)
