"""One number, found however it is written, and nobody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.number_pattern import NumberPattern

PATTERN = NumberPattern("+447400987123")


@pytest.mark.parametrize(
    "text",
    [
        "+447400987123",
        "447400987123.0",
        "07400 987-123",
        "+44 (0)7400 987123",
        "call 0 7400/987 123!",
        "４４７４００９８７１２３",
        "O74OO987l23",
        ["a", {"b": ["0044 7400987123"]}],
        447400987123,
    ],
)
def test_it_is_found_however_it_is_written(text: object) -> None:
    assert PATTERN.is_in(text)
    hidden = PATTERN.hidden_in(text)
    assert not PATTERN.is_in(hidden)


@pytest.mark.parametrize("text", ["+447400987124", "7400, 987123", "", None, 5, ["7400987", "123"]])
def test_other_things_are_left_alone(text: object) -> None:
    assert not PATTERN.is_in(text)
    assert PATTERN.hidden_in(text) == text


def test_what_stands_around_it_stays() -> None:
    assert PATTERN.hidden_in("Mr Chan, +44 7400 987123, noon") == "Mr Chan, +44 **** ******, noon"


@given(st.text(max_size=40), st.text(max_size=40))
def test_hiding_leaves_no_trace_and_keeps_the_length(before: str, after: str) -> None:
    text = f"{before}7400987123{after}"
    hidden = PATTERN.hidden_in(text)
    assert not PATTERN.is_in(hidden)
    assert len(hidden) == len(text)


def test_a_number_of_no_known_plan_is_found_as_a_whole() -> None:
    assert NumberPattern("+9991234567").is_in("999 123 4567")
