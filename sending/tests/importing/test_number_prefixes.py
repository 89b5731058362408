"""Expressions on numbers as prefixes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.importing.number_prefixes import NoPrefixes, prefixes_of


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", [""]),
        (".*", [""]),
        (r"^\d+$", [""]),
        (r"^852\d+", ["852"]),
        ("852", ["852"]),
        (r"^\+?44", ["44"]),
        (r"^\+447\d{9}$", ["447"]),
        ("^(65|60)", ["60", "65"]),
        (r"^(?:65|60)\d*$", ["60", "65"]),
        ("8525[1-3]", ["85251", "85252", "85253"]),
        ("^1[24]|^49", ["12", "14", "49"]),
        (r"^(852\d{8})$", ["852"]),
        ("^85[0-9]{2}", ["85"]),
    ],
)
def test_leading_digits(pattern: str, expected: list[str]) -> None:
    assert prefixes_of(pattern) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        *("^(?!852)", "^85?2", "^(65)?1", "[^1]", r"^\d{3}1", "^8*", "a", "^((1|2)3)", "5$1"),
        *("[1-9]" * 3, "[1-9]{4}", "^" + "[0-9]1" * 4, "1" * 501, r"(1\d|2)3", "(", ")"),
    ],
)
def test_whatever_asks_for_more_is_left_to_people(pattern: str) -> None:
    with pytest.raises(NoPrefixes):
        prefixes_of(pattern)


@given(
    st.text("0123456789[]()|^$\\d.*+?{,}-", max_size=30),
    st.text("0123456789", min_size=12, max_size=15),
)
def test_prefixes_match_where_the_expression_does(pattern: str, number: str) -> None:
    try:
        prefixes = prefixes_of(pattern)
        expression = re.compile(pattern)
    except (NoPrefixes, re.error):
        return
    # An expression that ends early or asks for a length is taken for its leading digits.
    if expression.match(number):
        assert any(number.startswith(prefix) for prefix in prefixes)
