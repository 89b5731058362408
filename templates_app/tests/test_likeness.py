"""How alike texts are, and the marks by which similar ones are found."""

import pytest

from templates_app.likeness import MARKS, digest, likeness, marks, shingles

OFFER = "Dear {1}, this week members get 15 percent off every lamp. Reply STOP to opt out."


def alike(one: str, other: str) -> float:
    return likeness(shingles(one), shingles(other))


@pytest.mark.parametrize(
    "same",
    [
        "DEAR {1}  this week members get 20 percent off every lamp: reply stop, to opt out!",
        "Dear {2}, this week members get 15 percent off every lamp.\nReply STOP to opt out.",
        "Ｄｅａｒ {1}, this week members get ３０ percent off every lamp. Reply STOP to opt out.",
    ],
)
def test_case_width_blanks_symbols_and_figures_hide_nothing(same):
    assert digest(same) == digest(OFFER)
    assert marks(same) == marks(OFFER)


@pytest.mark.parametrize("other", ["", "Dear members", "本店12月24日星期四16:00关门"])
def test_other_words_are_another_text(other):
    assert digest(other) != digest(OFFER)
    assert not {*marks(other)} & {*marks(OFFER)}
    assert alike(other, OFFER) < 0.3


def test_a_text_with_a_few_other_words_shares_a_mark():
    near = OFFER.replace("lamp", "chair")
    assert 0.7 < alike(near, OFFER) < 1
    assert {*marks(near)} & {*marks(OFFER)}


def test_marks_are_kept_so_they_must_never_change():
    assert digest("Harbourline") == "a8ae11d6584ccf02bce3edc1a8adc362"
    assert len(marks("Harbourline")) == MARKS
    assert marks("Harbourline")[0] == 6223731588285130813


@pytest.mark.parametrize("text", ["", "a", "{1}", "ﷺ" * 500, "x" * 100_000, "1" * 500])
def test_any_text_has_marks(text):
    assert len(marks(text)) == MARKS
    assert all(0 <= mark < 2**63 for mark in marks(text))
    assert alike(text, text) == 1
