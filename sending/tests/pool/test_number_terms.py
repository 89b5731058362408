"""What people enter to look for a number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.pool.number_terms import looks_like_number, terms_of


@pytest.mark.parametrize(
    ("text", "begins", "exact", "ends"),
    [
        ("+44 7400", "+447400", "", ""),
        ("0044 7400 123456", "+447400123456", "", ""),
        ("07400 123456", "+07400123456", "+447400123456", "07400123456"),
        ("7400123456", "+7400123456", "+447400123456", "7400123456"),
        ("3456", "+3456", "", "3456"),
        ("345", "+345", "", ""),
    ],
)
def test_what_a_text_may_mean(text, begins, exact, ends):
    terms = terms_of(text)
    assert (terms.begins, terms.ends) == (begins, ends)
    assert (exact in terms.exact) if exact else not terms.exact


@pytest.mark.parametrize("text", ["", "Ann", "+", "1" * 17, "٣٤٥٦"])
def test_what_is_no_number(text):
    assert terms_of(text) is None


@pytest.mark.parametrize(
    ("text", "is_number"), [("+44 (0)7400", True), ("Ann 2", False), ("", False)]
)
def test_a_name_is_told_from_a_number(text, is_number):
    assert looks_like_number(text) is is_number


@given(st.text(max_size=40))
def test_nothing_is_too_odd(text):
    terms = terms_of(text)
    assert terms is None or (len(terms.begins) <= 17 and len(terms.exact) < 300)
