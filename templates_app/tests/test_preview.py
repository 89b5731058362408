"""What a handset would show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.segments import segment
from templates_app.preview import SAMPLE, preview
from templates_app.tests.factories import SEED_BODY
from templates_app.wording import complete, parse


def test_the_seed_text_is_one_segment_with_its_variables_shown() -> None:
    shown = preview(SEED_BODY, ["1234", "5"])
    assert (shown.segments, shown.is_ucs2, shown.capacity) == (1, False, 160)
    assert [(piece.text, piece.variable) for piece in shown.pieces if piece.variable] == [
        ("1234", 1),
        ("5", 2),
    ]


def test_a_variable_without_a_sample_counts_as_six_characters() -> None:
    assert preview("Code {1}.").characters == len(f"Code {SAMPLE}.")
    assert preview("Code {1} and {2}.", ["1"]).pieces[-2].text == SAMPLE


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("Price 5 €", [("€", "double")]),
        ("don’t", [("’", "costs")]),
        ("don’t pay 5 €", [("’", "costs")]),
        ("您的验证码是 {1}", []),
    ],
)
def test_what_costs_is_marked_where_marking_says_something(body: str, marked: list) -> None:
    pieces = preview(body).pieces
    assert [(piece.text, piece.mark) for piece in pieces if piece.mark] == marked


def test_segments_begin_where_they_are_cut() -> None:
    shown = preview("x" * 200)
    assert [(len(piece.text), piece.begins) for piece in shown.pieces] == [(153, None), (47, 2)]
    assert (shown.segments, shown.units, shown.capacity) == (2, 200, 306)


@given(
    st.text(alphabet="ab {}1€’字😀[", max_size=200),
    st.lists(st.text(alphabet="12€’😀", max_size=40), max_size=3),
    st.sampled_from([None, "Harbourline"]),
)
def test_the_pieces_are_exactly_the_text_that_goes(
    body: str, samples: list[str], signature: str | None
) -> None:
    shown = preview(body, samples, signature)
    parsed = parse(body)
    values = [(samples[n] if n < len(samples) else "") or SAMPLE for n in range(parsed.variables)]
    text = complete(signature, parsed.render(values))
    assert "".join(piece.text for piece in shown.pieces) == text
    by_segment = [
        "".join(piece.text for piece in shown.pieces if piece.segment == number)
        for number in range(1, shown.segments + 1)
    ]
    assert by_segment == list(segment(text).segments)
