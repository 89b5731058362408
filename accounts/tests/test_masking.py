"""Numbers for readers who need not know whose they are."""

import pytest

from accounts.masking import mask_numbers, masked


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+85251230000", "+852******00"),
        ("+4915112345678", "+491********78"),
        ("+44 7700 900123", "+44 7*** ****23"),
        ("", ""),
    ],
)
def test_a_mask_leaves_country_and_end(number: str, shown: str) -> None:
    assert masked(number) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Call +44 7700 900123, or 07700-900123.", "Call +44 7*** ****23, or 077**-****23."),
        ("85251230000", "852******00"),
        ("12 Spring 2026-11-29", "12 Spring 2026-11-29"),
        ("12 2026-11-29", "12 2026-11-29"),
        ("2026-11-29 85251230000", "202*-**-** *********00"),
        ("row 12345, code 1234", "row 12345, code 1234"),
        ("(0) 7700 900 123 x", "(0) 77** *** *23 x"),
    ],
)
def test_every_number_in_a_text_is_masked(text: str, shown: str) -> None:
    assert mask_numbers(text) == shown
