"""What a handset would show of a wording."""

import pytest

from sending.sms.preview import Preview
from templates_app.preview import preview
from templates_app.tests.factories import SEED_BODY


def marks(shown: Preview) -> list[str]:
    runs = [run for segment in shown.segments for run in segment]
    return [mark.value for run in runs for _text, mark in run.pieces]


def pieces(shown: Preview) -> list[tuple[str, int | None]]:
    runs = [run for segment in shown.segments for run in segment]
    return [(text, run.variable) for run in runs for text, _mark in run.pieces]


def test_the_seed_text_is_one_segment_with_its_variables_shown() -> None:
    shown = preview(SEED_BODY, ["1234", "5"])
    assert (len(shown.segments), shown.costly, shown.capacity) == (1, (), 160)
    assert [piece for piece in pieces(shown) if piece[1]] == [("1234", 1), ("5", 2)]


def test_a_variable_without_a_sample_stands_as_it_is_written() -> None:
    assert pieces(preview("Code {1} and {2}.", ["1"])) == [
        *(("Code ", None), ("1", 1), (" and ", None)),
        # Braces are written with an escape, so that they count twice.
        *(("{", 2), ("2", 2), ("}", 2), (".", None)),
    ]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("您的验证码是“482913”，请勿告诉他人。", False),
        ("رمزك هو 482913", False),
        ("Ваш код 482913", False),
        ("港线", False),
        ("Your code – 482913", True),
        ("Your code 好 482913", True),
        ("Łódź", True),
    ],
)
def test_letters_of_a_script_that_needs_ucs2_are_not_marked(text: str, marked: bool) -> None:
    assert any(mark for mark in marks(preview(text))) is marked


@pytest.mark.parametrize("samples", [[], ["1"], ["1", "2", "3"]])
def test_the_signature_stands_before_the_text(samples: list[str]) -> None:
    shown = preview("Code {1}{2}", samples, "Harbourline")
    assert pieces(shown)[:2] == [("[", None), ("Harbourline", None)]
