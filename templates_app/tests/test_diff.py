"""What one wording changes in another."""

import pytest
from django.template.loader import render_to_string
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


def test_a_page_shows_the_runs_with_nothing_between_them() -> None:
    # The page keeps blanks, so a line break of the HTML template would be one of the text.
    runs = [DiffRun("same", "Pay "), DiffRun("del", "now"), DiffRun("ins", "later")]
    shown = render_to_string("templates_app/components/changes.html", {"changes": runs}).strip()
    tags = ("<ins\n  >", "</ins>", "<del\n  >", "</del>")
    for tag in tags:
        shown = shown.replace(tag, "")
    assert shown == "Pay nowlater"
