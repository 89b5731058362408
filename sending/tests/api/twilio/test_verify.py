"""Verify v2 as programs on Twilio's SDKs ask for it, and what they are answered, key by key."""

import json
import re

import pytest
from django.db import DatabaseError

from accounts.models import SmsApplication
from accounts.sids import sid_of
from sending.acceptance import memory
from sending.models import (
    ApiMessage,
    ApiRequest,
    Message,
    Suppression,
    Verification,
)
from sending.tests.api.twilio.program import TwilioProgram, make_auth_token
from sending.tests.api.twilio.verifying import NUMBER, Verifier, sent_codes, wrong
from sending.tests.factories import a_number, default_application, make_sender
from sending.verify import service_settings
from templates_app.models import TextTemplate

pytestmark = pytest.mark.django_db
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SERVICE_KEYS = {
    *("sid", "account_sid", "friendly_name", "code_length", "lookup_enabled", "psd2_enabled"),
    *("skip_sms_to_landlines", "dtmf_input_required", "tts_name", "custom_code_enabled"),
    *("do_not_share_warning_enabled", "push", "totp", "default_template_sid", "whatsapp"),
    *("passkeys", "verify_event_subscription_enabled", "date_created", "date_updated"),
    *("url", "links"),
}
CHECK_KEYS = {
    *("sid", "service_sid", "account_sid", "to", "channel", "status", "valid", "amount", "payee"),
    *("date_created", "date_updated", "sna_attempts_error_codes"),
}
VERIFICATION_KEYS = (CHECK_KEYS - {"sna_attempts_error_codes"}) | {
    *("lookup", "send_code_attempts", "sna", "url"),
}


@pytest.fixture
def verifier(program):
    return Verifier(program)


def test_a_service_is_made_looked_at_changed_and_deleted(program, verifier):
    made = verifier.service
    assert program.response.status_code == 201
    assert set(made) == SERVICE_KEYS
    assert re.fullmatch("VA[0-9a-f]{32}", made["sid"])
    assert made["account_sid"] == program.application.account_sid
    assert (made["friendly_name"], made["code_length"]) == ("Harbourline", 6)
    assert DATE.fullmatch(made["date_created"])
    assert made["url"] == f"http://testserver{verifier.path}"
    assert made["links"]["verification_checks"] == f"{made['url']}/VerificationCheck"
    assert program.ask("GET", verifier.path) == made
    text = sid_of("HJ", verifier.text.pk)
    fields = {
        "FriendlyName": "Harbourline 2",
        "CodeLength": "8",
        "CustomCodeEnabled": "true",
        "DefaultTemplateSid": text,
        "Push.IncludeDate": "true",
        "Totp.Issuer": "x",
    }
    changed = program.ask("POST", verifier.path, fields)
    assert program.response.status_code == 200
    named = ("friendly_name", "code_length", "custom_code_enabled", "default_template_sid")
    assert [changed[name] for name in named] == ["Harbourline 2", 8, True, text]
    # What is absent stays; what is empty goes.
    assert program.ask("POST", verifier.path, {"CodeLength": "4"})["default_template_sid"] == text
    cleared = program.ask("POST", verifier.path, {"DefaultTemplateSid": ""})
    assert cleared["default_template_sid"] is None
    assert program.ask("DELETE", verifier.path) is None
    assert program.response.status_code == 204
    assert program.refused("GET", verifier.path) == (404, 20404)
    assert program.ask("GET", "/v2/Services")["services"] == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"FriendlyName": " "},
        {"FriendlyName": "x" * 31},
        {"FriendlyName": "Call 55512"},
        {"FriendlyName": "a", "CodeLength": "3"},
        {"FriendlyName": "a", "CodeLength": "11"},
        {"FriendlyName": "a", "CodeLength": "six"},
        {"FriendlyName": "a", "DefaultTemplateSid": "HJ1"},
    ],
)
def test_a_service_that_cannot_be(program, fields):
    assert program.refused("POST", "/v2/Services", fields) == (400, 60200)


def test_services_are_listed_page_by_page(program, verifier):
    for n in range(4):
        program.ask("POST", "/v2/Services", {"FriendlyName": f"Shop {n}"})
    page = program.ask("GET", "/v2/Services", {"PageSize": 2})
    assert set(page) == {"services", "meta"}
    assert set(page["meta"]) == {
        *("key", "page", "page_size", "url", "first_page_url"),
        *("next_page_url", "previous_page_url"),
    }
    names = [one["friendly_name"] for one in page["services"]]
    while page["meta"]["next_page_url"]:
        page = program.ask("GET", page["meta"]["next_page_url"].removeprefix("http://testserver"))
        names += [one["friendly_name"] for one in page["services"]]
    assert names == ["Harbourline", *(f"Shop {n}" for n in range(4))]
    assert program.refused("GET", "/v2/Services", {"PageToken": "x"}) == (400, 21481)


def test_there_are_so_many_services_at_most(program, verifier, monkeypatch):
    monkeypatch.setattr(service_settings, "MOST_SERVICES", 1)
    assert program.refused("POST", "/v2/Services", {"FriendlyName": "a"}) == (409, 20409)


def test_a_code_goes_out_and_is_checked(program, verifier):
    begun = verifier.begin()
    assert program.response.status_code == 201
    assert set(begun) == VERIFICATION_KEYS
    assert re.fullmatch("VE[0-9a-f]{32}", begun["sid"])
    assert (begun["status"], begun["valid"], begun["channel"]) == ("pending", False, "sms")
    assert (begun["to"], begun["service_sid"]) == (NUMBER, verifier.service["sid"])
    (attempt,) = begun["send_code_attempts"]
    assert set(attempt) == {"attempt_sid", "channel", "time"}
    assert re.fullmatch("VL[0-9a-f]{32}", attempt["attempt_sid"])
    by_number = f"{verifier.path}/Verifications/{NUMBER.replace('+', '%2B')}"
    by_sid = f"{verifier.path}/Verifications/{begun['sid']}"
    assert program.ask("GET", by_number) == program.ask("GET", by_sid) == begun
    (code,) = sent_codes()
    answer = verifier.check(wrong(code))
    assert program.response.status_code == 200
    assert set(answer) == CHECK_KEYS
    assert (answer["status"], answer["valid"]) == ("pending", False)
    answer = verifier.check(code, To=None, VerificationSid=begun["sid"])
    assert (answer["status"], answer["valid"], answer["to"]) == ("approved", True, NUMBER)
    assert verifier.check(code)["code"] == 20404
    assert program.response.status_code == 404
    assert program.refused("GET", by_number) == (404, 20404)
    assert program.ask("GET", by_sid)["status"] == "approved"
    assert ApiMessage.objects.get().converted_at


def test_what_follows_a_code_sent_again(program, verifier):
    first = verifier.begin()
    for n in range(4):
        again = verifier.begin()
        assert again["sid"] == first["sid"]
        assert len(again["send_code_attempts"]) == n + 2
    assert verifier.refused() == (429, 60203)
    assert 0 < int(program.response.headers["Retry-After"]) <= 600
    details = json.loads(program.response.content)["details"]
    assert details["rule"] == "MAX_SENDS"
    code = sent_codes()[0]
    for _time in range(5):
        assert verifier.check(wrong(code))["valid"] is False
    assert verifier.check(code)["code"] == 60202
    assert program.response.status_code == 429
    assert program.ask("GET", f"{verifier.path}/Verifications/{first['sid']}")["status"] == (
        "max_attempts_reached"
    )


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"To": None}, (400, 60200)),
        ({"Channel": None}, (400, 60200)),
        ({"Channel": "call"}, (403, 60223)),
        ({"Channel": "whatsapp"}, (403, 60223)),
        ({"Channel": "auto"}, (403, 60223)),
        ({"To": "85251230000"}, (400, 60200)),
        ({"To": "+1"}, (400, 60200)),
        ({"To": "x" * 65}, (400, 21658)),
        ({"To": "+85221234567"}, (400, 60205)),
        ({"To": "+8613800138000"}, (403, 60220)),
        ({"CustomCode": "4711"}, (400, 60200)),
        ({"TemplateSid": "HX" + "0" * 32}, (400, 60200)),
        ({"TemplateSid": sid_of("HJ", 10**9)}, (400, 60228)),
        ({"DeviceIp": "here"}, (400, 60200)),
        ({"CustomMessage": "Hello"}, (400, 60200)),
        ({"AppHash": "abc"}, (400, 60200)),
        ({"Amount": "5", "Payee": "Me"}, (400, 60200)),
        ({"TemplateCustomSubstitutions": '{"a": "b"}'}, (400, 60200)),
        ({"RateLimits": "{"}, (400, 60200)),
    ],
)
def test_what_gets_no_code(verifier, fields, answer):
    assert verifier.refused(**fields) == answer
    assert not Message.objects.exists()


def test_what_says_nothing_is_let_through(verifier):
    begun = verifier.begin(
        RateLimits="{}",
        TemplateCustomSubstitutions="",
        Tags='{"a": "b"}',
        RiskCheck="disable",
        Locale="de",
        DeviceIp="203.0.113.7",
        SendDigits="1",
    )
    assert begun["status"] == "pending"


def test_what_acceptance_refuses(program, verifier):
    organization = program.application.organization
    Suppression.objects.create(organization=organization, msisdn=NUMBER)
    assert verifier.refused() == (400, 21610)
    other = a_number(7)
    SmsApplication.objects.filter(pk=program.application.pk).update(repeat_seconds=30)
    memory.terms._known.clear()
    verifier.begin(other)
    assert verifier.refused(To=other) == (429, 60203)
    organization.allowed_countries = ["GB"]
    organization.save()
    memory.terms._known.clear()
    assert verifier.refused(To=a_number(8)) == (403, 60605)
    TextTemplate.objects.update(approved=None)
    assert verifier.refused(To=a_number(8)) == (400, 60228)


def test_a_program_that_may_not_send(program, verifier):
    SmsApplication.objects.filter(pk=program.application.pk).update(is_enabled=False)
    from sending.api import callers

    callers.forget()
    memory.terms._known.clear()
    assert verifier.refused()[0] in {401, 403}
    assert not Message.objects.exists()


def test_a_verification_is_ended_by_its_program(program, verifier):
    program.ask("POST", verifier.path, {"CustomCodeEnabled": "true"})
    begun = verifier.begin(CustomCode="4711")
    assert sent_codes() == ["4711"]
    address = f"{verifier.path}/Verifications/{begun['sid']}"
    assert program.refused("POST", address, {"Status": "pending"}) == (400, 60200)
    answer = program.ask("POST", address, {"Status": "approved"})
    assert (answer["status"], answer["valid"]) == ("approved", True)
    assert ApiMessage.objects.get().converted_at
    assert program.refused("POST", address, {"Status": "canceled"}) == (404, 20404)
    other = verifier.begin(a_number(3))
    address = f"{verifier.path}/Verifications/{other['sid']}"
    assert program.refused("POST", address, {"Status": "approved"}) == (400, 60200)
    assert program.ask("POST", address, {"Status": "canceled"})["status"] == "canceled"


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"Code": "", "To": NUMBER}, (400, 60200)),
        ({"Code": "12345678901", "To": NUMBER}, (400, 60200)),
        ({"Code": "123456"}, (400, 60200)),
        ({"Code": "123456", "To": "nobody"}, (404, 20404)),
        ({"Code": "123456", "To": NUMBER}, (404, 20404)),
        ({"Code": "123456", "VerificationSid": "VE1"}, (404, 20404)),
        ({"Code": "123456", "VerificationSid": sid_of("VE", 10**9)}, (404, 20404)),
    ],
)
def test_checks_of_nothing(program, verifier, fields, answer):
    assert program.refused("POST", f"{verifier.path}/VerificationCheck", fields) == answer


def test_attempts_and_their_conversion(program, verifier):
    begun = verifier.begin()
    verifier.check(sent_codes()[0])
    verifier.begin(a_number(0, "GB"))
    verifier.begin(a_number(1))
    summary = program.ask("GET", "/v2/Attempts/Summary")
    assert summary == {
        "total_attempts": 3,
        "total_converted": 1,
        "total_unconverted": 2,
        "conversion_rate_percentage": "33.33",
        "url": "http://testserver/v2/Attempts/Summary",
    }

    def total(**fields):
        return program.ask("GET", "/v2/Attempts/Summary", fields)["total_attempts"]

    assert total(Country="HK") == total(DestinationPrefix="+8525") == 2
    assert total(Country="GB", Channel="sms") == total(DestinationPrefix="44") == 1
    assert total(Channel="call") == total(Country="FR") == 0
    assert total(VerifyServiceSid=verifier.service["sid"]) == 3
    assert total(VerifyServiceSid="VA1") == total(DateCreatedAfter="2099-01-01T00:00:00Z") == 0
    assert total(DateCreatedBefore="2099-01-01T00:00:00Z") == 3
    for bad in ({"DestinationPrefix": "+8525123"}, {"DateCreatedAfter": "soon"}):
        assert program.refused("GET", "/v2/Attempts/Summary", bad) == (400, 60200)
    page = program.ask("GET", "/v2/Attempts", {"PageSize": 2})
    attempts = page["attempts"]
    rest = program.ask("GET", page["meta"]["next_page_url"].removeprefix("http://testserver"))
    attempts += rest["attempts"]
    assert rest["meta"]["next_page_url"] is None
    back = rest["meta"]["previous_page_url"].removeprefix("http://testserver")
    assert program.ask("GET", back)["attempts"] == page["attempts"][:2]
    assert [one["conversion_status"] for one in attempts] == [
        *("unconverted", "unconverted", "converted")
    ]
    last = attempts[-1]
    assert set(last) == {
        *("sid", "account_sid", "service_sid", "verification_sid", "date_created", "url"),
        *("date_updated", "conversion_status", "channel", "price", "channel_data"),
    }
    assert last["verification_sid"] == begun["sid"]
    assert last["channel_data"]["to"] == NUMBER
    assert last["price"] == {"value": "0.04800", "currency": "usd"}
    assert program.ask("GET", f"/v2/Attempts/{last['sid']}") == last
    assert program.refused("GET", "/v2/Attempts/VL1") == (404, 20404)
    listed = program.ask("GET", "/v2/Attempts", {"Status": "converted"})["attempts"]
    assert listed == [last]
    of_one = program.ask("GET", "/v2/Attempts", {"VerificationSid": begun["sid"]})["attempts"]
    assert of_one == [last]
    assert program.refused("GET", "/v2/Attempts", {"Status": "perhaps"}) == (400, 60200)


def test_texts_to_choose_among(program, verifier):
    (listed,) = program.ask("GET", "/v2/Templates")["templates"]
    assert listed["sid"] == sid_of("HJ", verifier.text.pk)
    assert listed["channels"] == ["sms"]
    begun = verifier.begin(TemplateSid=listed["sid"])
    assert begun["status"] == "pending"


def test_another_account_sees_nothing(program, verifier, member):
    begun = verifier.begin()
    application = default_application(make_sender().organization)
    other = TwilioProgram(make_auth_token(application))
    for method, path in (
        ("GET", verifier.path),
        ("POST", verifier.path),
        ("DELETE", verifier.path),
        ("POST", f"{verifier.path}/Verifications"),
        ("GET", f"{verifier.path}/Verifications/{begun['sid']}"),
        ("POST", f"{verifier.path}/Verifications/{begun['sid']}"),
        ("POST", f"{verifier.path}/VerificationCheck"),
        ("GET", f"/v2/Attempts/{begun['send_code_attempts'][0]['attempt_sid']}"),
        ("GET", f"/v1/Services/{sid_of('MG', program.application.pk)}"),
    ):
        assert other.refused(method, path) == (404, 20404), path
    assert other.ask("GET", "/v2/Services")["services"] == []
    assert other.ask("GET", "/v2/Attempts")["attempts"] == []
    # A service of one's own does not open a verification of another's.
    own = Verifier(other)
    address = f"{own.path}/Verifications/{begun['sid']}"
    assert other.refused("GET", address) == (404, 20404)
    fields = {"Code": sent_codes()[0], "VerificationSid": begun["sid"]}
    assert other.refused("POST", f"{own.path}/VerificationCheck", fields) == (404, 20404)


def test_codes_and_numbers_are_not_in_the_request_log(program, verifier):
    program.ask("POST", verifier.path, {"CustomCodeEnabled": "true"})
    verifier.begin(CustomCode="47119999")
    verifier.check("47119999")
    program.ask("GET", f"{verifier.path}/Verifications/{NUMBER.replace('+', '%2B')}")
    program.ask("GET", f"/v2/PhoneNumbers/{NUMBER.replace('+', '%2B')}")
    said = json.dumps(list(ApiRequest.objects.values_list("summary", flat=True)))
    assert "47119999" not in said
    assert NUMBER[4:] not in said


def test_a_failure_after_the_commit_is_none(program, verifier, monkeypatch):
    """A program that repeats what failed would send a second code."""

    def gone(*_args, **_fields):
        raise DatabaseError("gone")

    monkeypatch.setattr(Verification, "refresh_from_db", gone)
    assert verifier.begin()["status"] == "pending"
    # A check that fails has not counted.
    assert verifier.check(sent_codes()[0])["code"] == 20503
    monkeypatch.undo()
    assert verifier.check(sent_codes()[0])["valid"] is True
