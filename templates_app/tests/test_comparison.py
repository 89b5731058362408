"""What one wording changes in another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.comparison import Change, changes


def test_words_are_compared_whole() -> None:
    assert changes("safety, don't forward", "safety, don’t forward it") == (
        Change("same", "safety, "),
        Change("del", "don't"),
        Change("ins", "don’t"),
        Change("same", " forward"),
        Change("ins", " it"),
    )


def test_scripts_without_spaces_are_compared_by_letter() -> None:
    assert changes("您的验证码", "您的新验证码") == (
        Change("same", "您的"),
        Change("ins", "新"),
        Change("same", "验证码"),
    )


@pytest.mark.parametrize("text", ["", "a", " two  words \n"])
def test_nothing_changes_in_the_same_text(text: str) -> None:
    assert all(change.kind == "same" for change in changes(text, text))


@given(st.text(alphabet="ab \n验证", max_size=30), st.text(alphabet="ab \n验证", max_size=30))
def test_both_texts_can_be_read_from_it(old: str, new: str) -> None:
    runs = changes(old, new)
    assert "".join(run.text for run in runs if run.kind != "ins") == old
    assert "".join(run.text for run in runs if run.kind != "del") == new
