"""Segments: how many, and where they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smsutil import split

from sending.sms import alphabet
from sending.sms.data_coding import DataCoding, encode
from sending.sms.segments import SegmentCounter, count, segment

GSM7, UCS2 = DataCoding.GSM7, DataCoding.UCS2

# Every length near a border, in texts that mix one and two units.
characters = st.sampled_from("aZ9 é@\n€[]^ΔΦ’–中🦊😀\u0301")
gsm_characters = st.sampled_from("aZ9 é@\n€[]^~|{}\\ΔΦ")
texts = st.one_of(
    st.text(characters, max_size=60),
    st.text(gsm_characters, max_size=500),
    st.builds(str.__mul__, st.text(characters, max_size=5), st.integers(0, 120)),
    st.builds(
        lambda before, middle, after: "a" * before + middle + "b" * after,
        st.integers(0, 320),
        st.text(characters, max_size=4),
        st.integers(0, 320),
    ),
)


@pytest.mark.parametrize(
    ("text", "data_coding", "units", "segments", "remaining"),
    [
        ("", GSM7, 0, 1, 160),
        ("a" * 160, GSM7, 160, 1, 0),
        ("a" * 161, GSM7, 161, 2, 145),
        ("a" * 306, GSM7, 306, 2, 0),
        ("a" * 307, GSM7, 307, 3, 152),
        ("a" * 320, GSM7, 320, 3, 139),
        ("€" * 80, GSM7, 160, 1, 0),
        ("€" * 81, GSM7, 162, 2, 143),
        # 306 septets, but an escape sequence would straddle the first border.
        ("a" * 152 + "€" + "a" * 152, GSM7, 306, 3, 152),
        ("中" * 70, UCS2, 70, 1, 0),
        ("中" * 71, UCS2, 71, 2, 63),
        ("中" * 134, UCS2, 134, 2, 0),
        ("中" * 150, UCS2, 150, 3, 51),
        ("😀" * 35, UCS2, 70, 1, 0),
        # 134 code units, but a surrogate pair would straddle the first border.
        ("中" * 66 + "😀" + "中" * 66, UCS2, 134, 3, 66),
        ("a" * 69 + "’", UCS2, 70, 1, 0),
    ],
)
def test_lengths_around_the_borders(text, data_coding, units, segments, remaining):
    cut = segment(text)
    assert (cut.data_coding, cut.units, len(cut.segments)) == (data_coding, units, segments)
    assert cut.remaining == remaining
    assert cut.single is (segments == 1)
    assert count(text) == (data_coding, segments)


def test_the_text_of_the_guide_is_one_segment():
    text = (
        "Your verification code is 1234 (valid for 5 minutes). "
        "For account safety, don't forward the code to others."
    )
    assert segment(text).segments == (text,)
    assert count(text.replace("'", "’")) == (UCS2, 2)


@given(texts)
def test_segments_hold_the_text_and_fit(text):
    cut = segment(text)
    assert "".join(cut.segments) == text
    octets = [len(encode(piece, cut.data_coding)) for piece in cut.segments]
    if cut.single:
        assert octets[0] <= (160 if cut.data_coding is GSM7 else 140)
    else:
        # Each encodes on its own, so no escape and no surrogate was cut in two.
        assert max(octets) <= (153 if cut.data_coding is GSM7 else 134)
        assert all(cut.segments)
    unit = 1 if cut.data_coding is GSM7 else 2
    assert sum(octets) == cut.units * unit


@given(texts)
def test_it_uses_ucs2_only_where_gsm_will_not_do(text):
    assert (segment(text).data_coding is UCS2) == bool(alphabet.forces_ucs2(text))


@given(texts)
def test_counting_agrees_with_cutting(text):
    cut = segment(text)
    assert count(text) == (cut.data_coding, len(cut.segments))


@given(texts)
def test_it_agrees_with_an_independent_implementation(text):
    cut = segment(text)
    theirs = split(text)
    assert [part.content for part in theirs.parts] == list(cut.segments)


@given(texts)
def test_a_wide_reference_leaves_room_for_its_octet(text):
    cut = segment(text, wide_reference=True)
    assert "".join(cut.segments) == text
    if not cut.single:
        longest = max(len(encode(piece, cut.data_coding)) for piece in cut.segments)
        assert longest <= (152 if cut.data_coding is GSM7 else 132)


@given(st.text(st.characters(codec=None), max_size=200))
def test_no_text_breaks_it(text):
    assert count(text)[1] == len(segment(text).segments)


@given(texts, texts, st.integers(0, 500))
def test_a_known_part_counts_as_if_all_were_looked_at(fixed, rest, place):
    found = SegmentCounter(fixed).count(rest)
    whole = rest[:place] + fixed + rest[place:]
    assert found is None or found == count(whole)


@pytest.mark.parametrize("rest", ["", "Ann, 12.50", "José", "王小明 12"])
def test_usual_rests_are_counted_without_the_whole(rest):
    assert SegmentCounter("Dear customer").count(rest) == count("Dear customer" + rest)
    assert SegmentCounter("尊敬的").count("王小明") == (UCS2, 1)
