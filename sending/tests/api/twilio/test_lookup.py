"""Lookup v2, Messaging services and GeoPermissions, key by key."""

import re
from datetime import timedelta
from functools import partial

import pytest

from accounts import shared_time
from accounts.sids import sid_of
from sending.guard import permitting
from sending.guard.rules.names import Dimension, GuardAction
from sending.models import VerifyService
from sending.tests.api.twilio.verifying import Verifier, sent_codes

pytestmark = pytest.mark.django_db
LINE_TYPE = {"Fields": "line_type_intelligence"}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_the_service_of_messages_is_the_application(program):
    (listed,) = program.ask("GET", "/v1/Services")["services"]
    assert listed["sid"] == sid_of("MG", program.application.pk)
    assert program.ask("GET", f"/v1/Services/{listed['sid']}") == listed
    assert listed["friendly_name"] == program.application.name
    assert DATE.fullmatch(listed["date_created"])
    assert program.refused("GET", "/v1/Services/MG1") == (404, 20404)
    assert VerifyService.objects.count() == 0


@pytest.mark.parametrize(
    ("number", "query", "said"),
    [
        ("+447400123456", {}, (True, "GB", "44", [])),
        ("07400123456", {"CountryCode": "gb"}, (True, "GB", "44", [])),
        ("+4474001", {}, (False, None, "44", ["TOO_SHORT"])),
        ("+44740012345678901", {}, (False, None, "44", ["TOO_LONG"])),
        ("+999123456", {}, (False, None, None, ["INVALID_COUNTRY_CODE"])),
        ("hello", {}, (False, None, None, ["NOT_A_NUMBER"])),
        ("9" * 70, {}, (False, None, None, ["NOT_A_NUMBER"])),
        ("+85200000000", {}, (False, "HK", "852", ["INVALID_BUT_POSSIBLE"])),
    ],
)
def test_a_number_is_looked_up(program, number, query, said):
    found = program.ask("GET", f"/v2/PhoneNumbers/{number.replace('+', '%2B')}", query)
    assert program.response.status_code == 200
    named = ("valid", "country_code", "calling_country_code", "validation_errors")
    assert tuple(found[name] for name in named) == said
    assert found["line_type_intelligence"] is None
    assert found["sms_pumping_risk"] is None


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+447400123456", "mobile"),
        ("+442079460000", "landline"),
        ("+448001111111", "tollFree"),
        ("+12025550123", None),
    ],
)
def test_the_kind_of_a_number_is_told_where_it_is_asked_for(program, number, kind):
    path = f"/v2/PhoneNumbers/{number.replace('+', '%2B')}"
    found = program.ask("GET", path, {"Fields": "sim_swap, line_type_intelligence"})
    assert found["line_type_intelligence"]["type"] == kind


def test_who_got_the_range_of_a_number_is_told(program):
    found = program.ask("GET", "/v2/PhoneNumbers/%2B447400123456", LINE_TYPE)
    assert found["line_type_intelligence"]["carrier_name"] == "Three"
    found = program.ask("GET", "/v2/PhoneNumbers/%2B12025550123", LINE_TYPE)
    assert found["line_type_intelligence"]["carrier_name"] is None


def risk(program, number="+85261000001"):
    path = f"/v2/PhoneNumbers/{number.replace('+', '%2B')}"
    return program.ask("GET", path, {"Fields": "sms_pumping_risk"})["sms_pumping_risk"]


def test_what_the_guard_stops_is_told_as_a_risk(program):
    organization = program.application.organization
    assert risk(program)["sms_pumping_risk_score"] is None
    assert risk(program, "+8526") is None
    wanted = {"reason": "An attack", "until": shared_time.now() + timedelta(hours=1)}
    stop = partial(permitting.stop, organization, actor=None, **wanted)
    stop(Dimension.COUNTRY, "HK", action=GuardAction.CHALLENGE)
    assert risk(program)["number_blocked"] is False
    stop(Dimension.THOUSAND, "85261000", action=GuardAction.BLOCK)
    found = risk(program)
    assert (found["number_blocked"], found["sms_pumping_risk_score"]) == (True, 100)
    assert DATE.fullmatch(found["number_blocked_date"])
    assert found["number_blocked_last_3_months"] is True
    assert risk(program, "+85261001001")["number_blocked"] is False


def test_a_number_that_entered_a_code_is_no_risk(program):
    verifier = Verifier(program)
    verifier.begin("+85261000001")
    (code,) = sent_codes()
    assert verifier.check(code, To="+85261000001")["valid"] is True
    assert risk(program)["sms_pumping_risk_score"] == 0


def test_countries_are_those_that_people_have_chosen(program, application):
    path = "/v1/Messaging/GeoPermissions"
    listed = {
        row["country_code"]: row["enabled"] for row in program.ask("GET", path)["permissions"]
    }
    assert listed["HK"]
    assert not listed["CN"]
    application.countries.create(country="HK")
    (france,) = program.ask("GET", path, {"CountryCode": "fr"})["permissions"]
    assert france == {
        "country_code": "FR",
        "type": "country",
        "enabled": False,
        "error_code": 0,
        "error_messages": [],
    }
    assert program.refused("GET", path, {"CountryCode": "ZZ"}) == (400, 20001)
    assert program.refused("PATCH", path) == (405, 20004)
