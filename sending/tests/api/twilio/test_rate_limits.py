"""Rate limits of a Verify service: made by a program, and exact."""

from datetime import timedelta

import pytest
import time_machine

from accounts import shared_time
from sending.models import Message, VerifyRateUse
from sending.retention import verifications
from sending.tests.api.twilio.verifying import Verifier
from sending.tests.factories import a_number

pytestmark = pytest.mark.django_db
IP = '{"ip": "203.0.113.7"}'


@pytest.fixture
def verifier(program):
    return Verifier(program)


@pytest.fixture
def limits(verifier):
    return f"{verifier.path}/RateLimits"


@pytest.fixture
def limit(program, limits):
    return program.ask("POST", limits, {"UniqueName": "ip", "Description": "One person"})


def test_limits_and_buckets_are_made_read_changed_and_deleted(program, limits, limit):
    assert set(limit) == {
        *("sid", "service_sid", "account_sid", "unique_name", "description", "date_created"),
        *("date_updated", "url", "links"),
    }
    own = f"{limits}/{limit['sid']}"
    assert program.ask("GET", own) == limit
    assert program.ask("POST", own, {"Description": "Two"})["description"] == "Two"
    assert [one["sid"] for one in program.ask("GET", limits)["rate_limits"]] == [limit["sid"]]
    bucket = program.ask("POST", f"{own}/Buckets", {"Max": 2, "Interval": 60})
    assert program.response.status_code == 201
    assert set(bucket) == {
        *("sid", "rate_limit_sid", "service_sid", "account_sid", "max", "interval"),
        *("date_created", "date_updated", "url"),
    }
    path = f"{own}/Buckets/{bucket['sid']}"
    assert program.ask("GET", path) == bucket
    changed = program.ask("POST", path, {"Max": 5})
    assert (changed["max"], changed["interval"]) == (5, 60)
    assert [one["max"] for one in program.ask("GET", f"{own}/Buckets")["buckets"]] == [5]
    assert program.refused("POST", f"{own}/Buckets", {"Max": 1, "Interval": 60}) == (409, 20409)
    assert program.ask("DELETE", path) is None
    assert program.refused("GET", path) == (404, 20404)
    assert program.ask("DELETE", own) is None
    assert program.refused("GET", own) == (404, 20404)


@pytest.mark.parametrize(
    "fields", [{}, {"UniqueName": "with space"}, {"UniqueName": "n", "Description": "x" * 101}]
)
def test_a_limit_that_cannot_be(program, limits, fields):
    assert program.refused("POST", limits, fields)[0] == 400


def test_there_are_bounds(program, limits, limit):
    assert program.refused("POST", limits, {"UniqueName": "ip"}) == (409, 20409)
    own = f"{limits}/{limit['sid']}/Buckets"
    for fields in ({"Max": 1}, {"Max": 0, "Interval": 9}, {"Max": 1, "Interval": 10**8}):
        assert program.refused("POST", own, fields) == (400, 60200)
    for seconds in range(1, 6):
        program.ask("POST", own, {"Max": 1, "Interval": seconds})
    assert program.refused("POST", own, {"Max": 1, "Interval": 60}) == (409, 20409)


def test_a_value_gets_so_many_codes_in_its_time(program, verifier, limits, limit):
    program.ask("POST", f"{limits}/{limit['sid']}/Buckets", {"Max": 2, "Interval": 3600})
    with time_machine.travel(shared_time.now(), tick=False) as clock:
        for number in range(2):
            verifier.begin(a_number(number), RateLimits=IP)
        assert verifier.refused(To=a_number(2), RateLimits=IP) == (429, 60207)
        assert 0 < int(program.response.headers["Retry-After"]) <= 3600
        # What was refused has left nothing, and others are not stopped.
        assert Message.objects.count() == 2
        assert VerifyRateUse.objects.get().codes == 2
        verifier.begin(a_number(2), RateLimits='{"ip": "203.0.113.8"}')
        clock.shift(timedelta(hours=1))
        verifier.begin(a_number(3), RateLimits=IP)
        verifications.delete_due()
        assert VerifyRateUse.objects.count() == 1
        clock.shift(timedelta(hours=2))
        verifications.delete_due()
        assert not VerifyRateUse.objects.exists()


@pytest.mark.parametrize(
    "said",
    ['{"other": "x"}', "[1]", "{", '{"ip": "%s"}' % ("x" * 257), '{"\\ud800": "x"}', "7"],
)
def test_values_that_no_limit_knows(verifier, limit, said):
    assert verifier.refused(RateLimits=said) == (400, 60200)


def test_values_need_not_be_text(program, verifier, limits, limit):
    program.ask("POST", f"{limits}/{limit['sid']}/Buckets", {"Max": 1, "Interval": 3600})
    verifier.begin(RateLimits='{"ip": 7}')
    assert verifier.refused(To=a_number(2), RateLimits='{"ip": "7"}') == (429, 60207)
    verifier.begin(a_number(3), RateLimits='{"ip": "\\ud800"}')
