"""Placeholders and values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.wording import ValueCountError, complete, numbered, parse

GUIDE = (
    "Your verification code is {1} (valid for {2} minutes). "
    "For account safety, don't forward the code to others."
)


def test_the_text_of_the_guide():
    wording = parse(GUIDE)
    assert wording.variables == 2
    assert wording.render(["1234", "5"]) == (
        "Your verification code is 1234 (valid for 5 minutes). "
        "For account safety, don't forward the code to others."
    )


@pytest.mark.parametrize(
    ("body", "variables", "values", "text"),
    [
        ("no variables, 100% {", 0, [], "no variables, 100% {"),
        ("{2} before {1}", 2, ["a", "b"], "b before a"),
        ("{1} and {1} again", 1, ["a"], "a and a again"),
        ("{1}{2}", 2, ["a", ""], "a"),
        # Verbatim: neither a placeholder nor a format in a value means anything.
        ("{1} {2}", 2, ["{2}", "%s {1} \\1"], "{2} %s {1} \\1"),
        # A gap is lint's business; the count is the highest number.
        ("{1} {3}", 3, ["a", "b", "c"], "a c"),
        # No placeholders.
        ("{0} {01} {x} { 1 } {100} {} {{1}}", 1, ["a"], "{0} {01} {x} { 1 } {100} {} {a}"),
    ],
)
def test_bodies(body, variables, values, text):
    wording = parse(body)
    assert wording.variables == variables
    assert wording.render(values) == text


@pytest.mark.parametrize("values", [[], ["1234"], ["1234", "5", "x"]])
def test_too_few_or_too_many_values_are_an_error(values):
    wording = parse(GUIDE)
    with pytest.raises(ValueCountError) as refused:
        wording.render(values)
    assert (refused.value.expected, refused.value.given) == (2, len(values))
    with pytest.raises(ValueCountError):
        list(wording.spans(values))


def test_spans_say_what_came_from_which_variable():
    assert list(parse("Code {1}, {2} min").spans(["1234", "5"], "Harbourline")) == [
        ("[Harbourline] ", None),
        ("Code ", None),
        ("1234", 1),
        (", ", None),
        ("5", 2),
        (" min", None),
    ]


@pytest.mark.parametrize(
    ("signature", "text"),
    [("Harbourline", "[Harbourline] Hello"), ("", "Hello"), (None, "Hello")],
)
def test_a_complete_message_begins_with_its_signature(signature, text):
    assert complete(signature, "Hello") == text


pieces = st.lists(
    st.one_of(st.integers(1, 9), st.text(st.sampled_from("ab %{}12\\n")).map(str)), max_size=12
)


@given(pieces, st.data(), st.one_of(st.none(), st.text(max_size=5)))
def test_spans_and_render_agree(written, data, signature):
    body = "".join(f"{{{piece}}}" if isinstance(piece, int) else piece for piece in written)
    wording = parse(body)
    values = data.draw(
        st.lists(st.text(max_size=5), min_size=wording.variables, max_size=wording.variables)
    )
    joined = "".join(text for text, _ in wording.spans(values, signature))
    assert joined == complete(signature, wording.render(values))


@given(st.text(st.sampled_from("ab %{}019\\"), max_size=40))
def test_a_body_whose_values_are_its_placeholders_stays_itself(body):
    wording = parse(body)
    placeholders = [f"{{{number}}}" for number in range(1, wording.variables + 1)]
    assert wording.render(placeholders) == body


@pytest.mark.parametrize(
    ("body", "numbers"),
    [("none", 0), ("{1} {2}", 2), ("{2} {1} {1}", 2), ("{1} {3}", 1), ("{99}", 0), ("{2}", 0)],
)
def test_numbers_are_counted_up_to_the_first_gap(body, numbers):
    assert numbered(body) == numbers
