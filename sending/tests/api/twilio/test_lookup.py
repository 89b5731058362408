"""Lookup v2 and Messaging services, key by key."""

import re

import pytest

from accounts.sids import sid_of
from sending.models import VerifyService

pytestmark = pytest.mark.django_db
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
