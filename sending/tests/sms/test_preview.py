"""The preview of a text: cut where it is sent, marked where it costs, nothing added or lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms import alphabet, script, segments
from sending.sms.data_coding import DataCoding
from sending.sms.preview import Mark, Preview, preview

SPANS = st.lists(
    st.tuples(
        st.text(alphabet="abc {}€[]–\u4f60\U0001f600\n'", max_size=60),
        st.none() | st.integers(1, 3),
    ),
    max_size=12,
)


def text_of(found: Preview) -> list[str]:
    """Return the text of each segment."""
    return [
        "".join(piece for run in runs for piece, _mark in run.pieces) for runs in found.segments
    ]


@given(SPANS)
def test_it_is_cut_exactly_as_it_is_sent(spans: list[tuple[str, int | None]]):
    text = "".join(piece for piece, _variable in spans)
    cut = segments.segment(text)
    found = preview(spans)
    assert tuple(text_of(found)) == cut.segments
    assert (found.data_coding, found.units) == (cut.data_coding, cut.units)
    assert found.units <= found.capacity


@given(SPANS)
def test_every_character_keeps_its_variable_and_gets_its_mark(
    spans: list[tuple[str, int | None]],
):
    expected = [(character, variable) for piece, variable in spans for character in piece]
    found = preview(spans)
    text = "".join(character for character, _variable in expected)
    seen = [
        (character, run.variable, mark)
        for runs in found.segments
        for run in runs
        for piece, mark in run.pieces
        for character in piece
    ]
    assert [(character, variable) for character, variable, _mark in seen] == expected
    for character, _variable, mark in seen:
        if character in found.costly and not script.needs_ucs2(text):
            assert mark is Mark.COSTS
        elif found.data_coding is DataCoding.GSM7 and character in alphabet.EXTENDED:
            assert mark is Mark.DOUBLE
        else:
            assert mark is Mark.NONE


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Price 5 €", [("€", Mark.DOUBLE)]),
        ("don’t pay 5 €", [("’", Mark.COSTS)]),
        ("您的验证码", []),
        ("您的验证码 – 1", []),
        ("“a” – b’c", [(one, Mark.COSTS) for one in "“”–’"]),
    ],
)
def test_what_costs_is_marked_where_marking_says_something(text: str, marked: list):
    [[run]] = preview([(text, None)]).segments
    assert [piece for piece in run.pieces if piece[1]] == marked


@pytest.mark.parametrize(
    ("text", "capacity", "costly"),
    [
        ("", 160, ()),
        ("a" * 160, 160, ()),
        ("a" * 161, 306, ()),
        ("a–b–", 70, ("–",)),
        ("你" * 71, 134, ("你",)),
    ],
)
def test_the_capacity_is_that_of_its_segments(text: str, capacity: int, costly: tuple[str, ...]):
    found = preview([(text, None)])
    assert (found.capacity, found.costly) == (capacity, costly)


def test_neighbours_of_one_kind_are_one_piece():
    found = preview([("Code ", None), ("12", 1), ("34", 1), (" [x]", None)])
    [runs] = found.segments
    assert [(run.variable, run.pieces) for run in runs] == [
        (None, (("Code ", Mark.NONE),)),
        (1, (("1234", Mark.NONE),)),
        (None, ((" ", Mark.NONE), ("[", Mark.DOUBLE), ("x", Mark.NONE), ("]", Mark.DOUBLE))),
    ]
