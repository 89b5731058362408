"""Hidden characters: which are found, and which belong to emoji and to scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.lint import lint, lint_signature, lint_values
from templates_app.lint.characters import codepoint, invisible, name

SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
TEXAS = "\U0001f3f4\U000e0075\U000e0073\U000e0074\U000e0078\U000e007f"


@pytest.mark.parametrize(
    "text",
    [
        "Thanks \U0001fa77",  # Emoji 15: newer than the Unicode of Python 3.11
        "Thanks \U0001fae8\U0001fae9",  # Emoji 15 and 16
        "\U0001faea\U0001fac8",  # Emoji 17
        "👩\u200d🚀 ❤\ufe0f 1\ufe0f\u20e3 🇨🇭",
        f"Come to {SCOTLAND} and {TEXAS}!",
        "\u200fمحمد",
        "محمد\u061c 482",
        "שלום\u200e, Anna",
        "\u2068Anna\u2069 שלחה לך",
        "رقمك \u202a+49 171 1234567\u202c",
        "می\u200cخواهم",
        "សួស្តី\u200bបង",  # where lines may break, in a script without spaces
        "สวัสดี\u200bครับ",
        "\u0600\u0661\u0662",  # a sign of numbers, which is seen
        "two\nlines\r\n",
    ],
)
def test_what_belongs_to_a_script_or_an_emoji_is_no_finding(text):
    assert list(invisible(text)) == []
    assert lint_values("NOTIFICATION", [text]) == []
    assert "INVISIBLE_CHARACTER" not in [found.code for found in lint(text, "NOTIFICATION")]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("pay\u202e now", 3),  # shows letters in another order
        ("שלום\u202eabc", 4),
        ("Anna\u200e", 4),  # of no use among Latin letters, and it makes the text UCS-2
        ("Hi\u2066", 2),
        ("a\U000e0061b", 1),  # a tag outside a flag: a letter nobody sees
        ("\U0001f3f4" + "\U000e0061" * 20 + "\U000e007f", 1),  # a message in a flag
        ("\U0001f3f4\U000e0067\U000e0062", 1),  # a flag that never ends
        ("a\u200bb", 1),
        ("a\x00", 1),
        ("a\u00adb", 1),
        ("a\ufeff", 1),
        ("a\ue000", 1),
        ("a\ud800", 1),
        ("a\U0001fffe", 1),  # never assigned
        ("Hi\u3164", 2),  # a letter by name, without a shape
        ("a\u2800b", 1),
        ("\u1100\u1160", 1),
    ],
)
def test_what_hides_is_found(text, at):
    assert next(invisible(text))[0] == at


def test_marks_of_direction_may_stand_beside_the_arabic_and_hebrew_of_the_text():
    assert lint_values("NOTIFICATION", ["\u200e482"], beside="رمزك {1}") == []
    assert lint_values("NOTIFICATION", ["\u200e482"], beside="Your code {1}") != []


def test_hidden_characters_of_a_signature():
    assert "INVISIBLE_CHARACTER" not in [one.code for one in lint_signature("\u200fحانوت")]
    assert "INVISIBLE_CHARACTER" in [one.code for one in lint_signature("Lumen\u200f")]


def test_several_characters_are_named_one_by_one():
    assert codepoint("e\u0301") == "U+0065 U+0301"
    assert name("e\u0301") == "LATIN SMALL LETTER E, COMBINING ACUTE ACCENT"
    assert name("\ue000") == "U+E000"


@given(st.text())
def test_places_are_those_of_the_characters(text):
    for at, character in invisible(text):
        assert text[at] == character
