"""The button that replaces one character of a draft."""

import pytest

from templates_app.replacement import replaced


@pytest.mark.parametrize(
    ("text", "codepoints", "expected"),
    [
        ("Don’t", "2019", "Don't"),
        ("Cafe\u0301 e", "0065-0301", "Café e"),
        # Not what a button says: nothing changes.
        ("Don’t", "", "Don’t"),
        ("Don’t", "x", "Don’t"),
        ("abc", "0061", "abc"),
        ("abc", "F" * 5000, "abc"),
        ("abc", "-".join(["0061"] * 5000), "abc"),
    ],
)
def test_only_a_character_with_a_replacement_is_replaced(text, codepoints, expected):
    assert replaced(text, codepoints) == expected
