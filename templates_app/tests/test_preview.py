"""What a handset would show of a wording."""

import pytest

from sending.sms.preview import Preview
from templates_app.preview import SAMPLE, preview
from templates_app.tests.factories import SEED_BODY


def pieces(shown: Preview) -> list[tuple[str, int | None]]:
    runs = [run for segment in shown.segments for run in segment]
    return [(text, run.variable) for run in runs for text, _mark in run.pieces]


def test_the_seed_text_is_one_segment_with_its_variables_shown() -> None:
    shown = preview(SEED_BODY, ["1234", "5"])
    assert (len(shown.segments), shown.costly, shown.capacity) == (1, (), 160)
    assert [piece for piece in pieces(shown) if piece[1]] == [("1234", 1), ("5", 2)]


def test_a_variable_without_a_sample_counts_as_six_characters() -> None:
    assert preview("Code {1}.").units == len(f"Code {SAMPLE}.")
    assert (SAMPLE, 2) in pieces(preview("Code {1} and {2}.", ["1"]))


@pytest.mark.parametrize("samples", [[], ["1"], ["1", "2", "3"]])
def test_the_signature_stands_before_the_text(samples: list[str]) -> None:
    shown = preview("Code {1}{2}", samples, "Harbourline")
    assert pieces(shown)[:2] == [("[", None), ("Harbourline", None)]
