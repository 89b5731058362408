"""Headers of concatenated texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms import udh
from sending.sms.udh import Concatenation


@st.composite
def concatenations(draw):
    wide = draw(st.booleans())
    segments = draw(st.integers(1, 255))
    return Concatenation(
        draw(st.integers(0, 0xFFFF if wide else 0xFF)),
        segments,
        draw(st.integers(1, segments)),
        wide,
    )


@pytest.mark.parametrize(
    ("concatenation", "octets"),
    [
        (Concatenation(0xA5, 3, 1), "050003a50301"),
        (Concatenation(0xBEEF, 2, 2, wide=True), "060804beef0202"),
    ],
)
def test_octets_of_the_header(concatenation, octets):
    assert udh.encode(concatenation).hex() == octets


@given(concatenations(), st.binary(max_size=134))
def test_a_header_is_read_back_and_taken_off(concatenation, body):
    assert udh.decode(udh.encode(concatenation) + body) == (concatenation, body)


@pytest.mark.parametrize(
    "concatenation",
    [
        Concatenation(0x100, 2, 1),
        Concatenation(0x10000, 2, 1, wide=True),
        Concatenation(-1, 2, 1),
        Concatenation(1, 256, 1),
        Concatenation(1, 2, 0),
        Concatenation(1, 2, 3),
    ],
)
def test_what_a_header_cannot_say_is_refused(concatenation):
    with pytest.raises(ValueError, match="no "):
        udh.encode(concatenation)


@pytest.mark.parametrize(
    ("octets", "concatenation", "rest"),
    [
        ("", None, ""),
        # An element we do not know (ports) before ours.
        ("0b0504158200000003a50301" + "61", Concatenation(0xA5, 3, 1), "61"),
        ("0605041582000061", None, "61"),
        # Segment 4 of 3, segment 0, and an element shorter than it says: ignored.
        ("050003a5030461", None, "61"),
        ("050003a5030061", None, "61"),
        ("050003a50361", None, ""),
        ("040002a50361", None, "61"),
        # A header longer than the message.
        ("40000361", None, "40000361"),
    ],
)
def test_strange_headers(octets, concatenation, rest):
    assert udh.decode(bytes.fromhex(octets)) == (concatenation, bytes.fromhex(rest))


@given(st.binary(max_size=160))
def test_any_octets_can_be_read(octets):
    _, rest = udh.decode(octets)
    assert octets.endswith(rest)
