"""What one wording changes in another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.diff import DiffRun, diff


def test_words_are_compared_whole() -> None:
    assert diff("safety, don't forward", "safety, don’t forward it") == (
        DiffRun("same", "safety, "),
        DiffRun("del", "don't"),
        DiffRun("ins", "don’t"),
        DiffRun("same", " forward"),
        DiffRun("ins", " it"),
    )


def test_scripts_without_spaces_are_compared_by_letter() -> None:
    assert diff("您的验证码", "您的新验证码") == (
        DiffRun("same", "您的"),
        DiffRun("ins", "新"),
        DiffRun("same", "验证码"),
    )


@pytest.mark.parametrize("text", ["", "a", " two  words \n"])
def test_nothing_changes_in_the_same_text(text: str) -> None:
    assert diff(text, text) == ()


@given(st.text(alphabet="ab \n验证", max_size=30), st.text(alphabet="ab \n验证", max_size=30))
def test_both_texts_can_be_read_from_it(old: str, new: str) -> None:
    runs = diff(old, new)
    assert bool(runs) is (old != new)
    if runs:
        assert "".join(run.text for run in runs if run.kind != "ins") == old
        assert "".join(run.text for run in runs if run.kind != "del") == new
