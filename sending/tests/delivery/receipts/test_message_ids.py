"""Ids of gateways match whatever form the answer and the receipt have."""

import pytest

from sending.delivery.receipts.message_ids import normalise_receipted, normalise_submitted


@pytest.mark.parametrize(
    ("form", "submitted", "receipted", "same"),
    [
        ("as_is", "4F2a", "4F2a", True),
        ("as_is", "00042", "42", False),
        ("as_is", " abc ", "abc", True),
        ("decimal", "00042", "42", True),
        ("decimal", "42", "0000000042", True),
        ("decimal", "4f", "4f", True),
        ("hex_to_decimal", "2A", "42", True),
        ("hex_to_decimal", "0000002a", "0042", True),
        ("hex_to_decimal", "2A", "43", False),
        ("hex_to_decimal", "no-number", "no-number", True),
        ("hexadecimal", "00aB", "AB", True),
        ("hexadecimal", "0xab", "AB", True),
        ("decimal_to_hex", "42", "0000002A", True),
        ("decimal_to_hex", "42", "42", False),
        ("decimal", "٤٢", "42", False),
    ],
)
def test_they_match(form, submitted, receipted, same):
    assert (normalise_submitted(form, submitted) == normalise_receipted(form, receipted)) == same


def test_what_a_column_cannot_hold_is_cut():
    assert normalise_submitted("as_is", "a\x00b" + "c" * 100) == ("ab" + "c" * 100)[:65]
