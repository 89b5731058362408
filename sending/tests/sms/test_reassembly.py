"""Segments in any order, repeated and missing, as the text that was written."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms import data_coding, udh
from sending.sms.data_coding import DataCoding
from sending.sms.reassembly import GAP, gather, text_of
from sending.sms.udh import ESM_CLASS_UDHI, Concatenation


@dataclass(frozen=True)
class Piece:
    segment: int
    octets: bytes
    data_coding: int = DataCoding.UCS2
    esm_class: int = ESM_CLASS_UDHI


def cut(text: str, coding: DataCoding, size: int, reference: int = 7) -> list[Piece]:
    """Cut octets wherever they happen to end, as careless handsets do."""
    octets = data_coding.encode(text, coding)
    bodies = [octets[at : at + size] for at in range(0, len(octets), size)] or [b""]
    return [
        Piece(n, udh.encode(Concatenation(reference, len(bodies), n)) + body, coding)
        for n, body in enumerate(bodies, 1)
    ]


def whole(pieces, segments):
    (text,) = gather(pieces, segments)
    assert text.is_complete
    return text_of(text.parts, segments)


@given(st.text(min_size=8, max_size=300), st.integers(3, 20), st.randoms(use_true_random=False))
def test_any_order_with_repetitions_gives_the_text(text, size, chance: random.Random):
    text = text.replace("\ufeff", "x").encode("utf-16-be", "replace").decode("utf-16-be") or "x"
    size = max(size, -(-2 * len(text.encode("utf-16-be")) // 255))
    pieces = cut(f"{text} end", DataCoding.UCS2, size)
    came = [*pieces, *chance.choices(pieces, k=len(pieces))]
    chance.shuffle(came)
    assert whole(came, len(pieces)) == f"{text} end"
    (gathered,) = gather(came, len(pieces))
    assert len(gathered.rows) == len(came)


def test_a_character_may_begin_in_one_segment_and_end_in_the_next():
    # The escape of the euro sign, and half of a surrogate pair, at the end of a segment.
    assert whole(cut("1€2", DataCoding.GSM7, 2), 2) == "1€2"
    assert whole(cut("ab😀", DataCoding.UCS2, 6), 2) == "ab😀"
    # Even half of a code unit.
    assert whole(cut("中文字", DataCoding.UCS2, 3), 2) == "中文字"


def test_a_text_in_two_alphabets_is_read_in_both():
    latin, chinese = cut("Hello ", DataCoding.GSM7, 6), cut("你好", DataCoding.UCS2, 4)
    two = [latin[0], Piece(2, chinese[0].octets)]
    assert whole(two, 2) == "Hello 你好"


def test_what_is_missing_is_shown_once_for_each_gap():
    pieces = cut("abcdefghij", DataCoding.GSM7, 2)
    (text,) = gather([pieces[4], pieces[1]], 5)
    assert not text.is_complete
    assert text_of(text.parts, 5) == f"{GAP}cd{GAP}ij"


def test_a_reference_that_comes_again_begins_the_next_text():
    first, second = cut("first one", DataCoding.GSM7, 5), cut("other one", DataCoding.GSM7, 5)
    texts = gather([*first, *second], 2)
    assert [text_of(text.parts, 2) for text in texts] == ["first one", "other one"]
    # What an unfinished text lacks goes to the newer one.
    unfinished, newer = gather([first[0], second[0], second[1]], 2)
    assert not unfinished.is_complete
    assert text_of(newer.parts, 2) == "other one"


def test_texts_of_one_segment_are_never_repetitions():
    assert len(gather([Piece(1, b"\x00a", esm_class=0)] * 2, 1)) == 2


@pytest.mark.parametrize(
    ("octets", "coding", "text"),
    [
        ("4142", 0xF1, "AB"),
        ("1b65", 0x11, "€"),
        ("4f60", 0x18, "你"),
        ("feff4f60", 0x08, "你"),
        ("c1d0", 0x06, "Са"),
        ("e0e1", 0x07, "אב"),
        ("b0a1", 0x0E, "가"),
        ("1b2442306c1b2842", 0x05, "一"),
        ("e9", 0x04, "é"),
    ],
)
def test_other_alphabets_of_handsets(octets, coding, text):
    assert data_coding.decode(bytes.fromhex(octets), coding) == text
