"""How limits of an application fit together, and lists of countries as lines."""

import pytest

from accounts.application_limits import (
    MOST_FAULTS,
    as_lines,
    country_faults,
    country_lines,
    limit_faults,
)
from accounts.models import Organization
from accounts.tests.factories import make_application, make_organization

MOST = 2_147_483_647


@pytest.mark.parametrize(
    ("wanted", "at_fault"),
    [
        ({}, []),
        ({"daily_segment_limit": 1000}, []),
        ({"daily_segment_limit": 1001}, ["daily_segment_limit"]),
        ({"daily_alarm_segments": 1000, "alarm_contacts": [1]}, []),
        ({"daily_alarm_segments": 1001, "alarm_contacts": [1]}, ["daily_alarm_segments"]),
        ({"daily_segment_limit": 10, "daily_alarm_segments": 11}, ["daily_alarm_segments"]),
        ({"daily_segment_limit": 10, "daily_alarm_segments": 10}, ["alarm_contacts"]),
        ({"alarm_contacts": [1]}, []),
        ({"number_hourly_limit": 5, "number_daily_limit": 5}, []),
        ({"number_hourly_limit": 6, "number_daily_limit": 5}, ["number_hourly_limit"]),
        ({"number_hourly_limit": 6, "number_daily_limit": None}, []),
    ],
)
def test_limits_fit_together(wanted: dict, at_fault: list[str]) -> None:
    organization = Organization(daily_segment_limit=1000)
    assert [field for field, _sentence in limit_faults(organization, wanted)] == at_fault


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("DE 500", {"DE": 500}),
        ("de\n\n gb,20 \nHK;3;\nSG\t4\r\nUS", {"DE": None, "GB": 20, "HK": 3, "SG": 4, "US": None}),
    ],
)
def test_lines_that_can_be_read(text: str, limits: dict) -> None:
    assert country_lines(text, MOST) == (limits, [])


@pytest.mark.parametrize(
    "line",
    [
        "Germany 500",
        "DE 5 5",
        "DE five",
        "DE -5",
        "DE 1.000",
        "DE 0",
        "DE 2147483648",
        "5",
        "DE 99999999999",
    ],
)
def test_a_line_that_says_nothing_is_named(line: str) -> None:
    _limits, faults = country_lines(f"HK\n{line}", MOST)
    assert [fault.startswith("Line 2: ") for fault in faults] == [True]


def test_a_country_twice_is_a_fault() -> None:
    assert country_lines("DE 1\nDE 2", MOST)[1] == ["Line 2: DE is in the list twice."]


def test_many_faults_are_shortened() -> None:
    _limits, faults = country_lines("\n".join(["?"] * 25), MOST)
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1] == "15 more lines to correct."


@pytest.mark.django_db
def test_a_list_reads_as_it_was_written() -> None:
    application = make_application(make_organization())
    application.countries.create(country="DE", daily_segment_limit=500)
    application.countries.create(country="HK")
    text = as_lines(list(application.countries.order_by("country")))
    assert text == "DE 500\nHK"
    assert country_lines(text, MOST) == ({"DE": 500, "HK": None}, [])


def test_countries_that_cannot_be_sent_to() -> None:
    everywhere, hong_kong = (
        Organization(name="Us"),
        Organization(name="Us", allowed_countries=["HK"]),
    )
    wanted = {"CN": None, "XX": None, "DE": 501, "HK": 500}
    assert [code for code, _ in country_faults(everywhere, 500, wanted)] == ["CN", "XX", "DE"]
    faults = dict(country_faults(hong_kong, 500, wanted))
    assert set(faults) == {"CN", "XX", "DE"}
    assert faults["DE"] == "Us does not send to Germany. Allow it under Settings first."
