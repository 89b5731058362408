"""Which route a number takes."""

import pytest

from sending.sms.routes import RouteKeys

KEYS = RouteKeys([("", ""), ("", "HK"), ("8525", ""), ("8525", "HK"), ("1", "CA")])


@pytest.mark.parametrize(
    ("digits", "country", "key"),
    [
        ("85261234567", "HK", ("", "HK")),
        ("85251234567", "HK", ("8525", "HK")),
        ("85251234567", "MO", ("8525", "")),
        ("14165550123", "CA", ("1", "CA")),
        ("12025550123", "US", ("", "")),
    ],
)
def test_the_longest_prefix_wins_then_the_named_country(digits, country, key):
    assert KEYS.key_of(digits, country) == key


def test_without_a_route_for_all_some_numbers_have_none():
    assert RouteKeys([("", "HK"), ("1", "CA")]).key_of("12025550123", "US") is None


def test_a_country_has_one_route_unless_a_prefix_says_more():
    assert RouteKeys([("", ""), ("", "HK")]).by_country_only
    assert not KEYS.by_country_only
