"""PDUs out of a stream, however TCP cuts it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.smpp.codec import encode
from sending.smpp.command_status import ESME_RINVCMDLEN
from sending.smpp.commands import CommandId
from sending.smpp.errors import ProtocolError
from sending.smpp.framing import Framer
from sending.smpp.pdu import Empty, SubmitSmResp

FRAMES = [
    encode(SubmitSmResp("first"), 1),
    encode(Empty(CommandId.enquire_link), 2),
    encode(SubmitSmResp("third"), 3),
]
STREAM = b"".join(FRAMES)


@pytest.mark.parametrize("cut", range(len(STREAM) + 1))
def test_two_reads_split_anywhere_give_the_same_pdus(cut):
    framer = Framer()
    assert [*framer.feed(STREAM[:cut]), *framer.feed(STREAM[cut:])] == FRAMES


def test_octet_by_octet_gives_the_same_pdus():
    framer = Framer()
    assert [frame for octet in STREAM for frame in framer.feed(bytes([octet]))] == FRAMES


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_any_splitting_gives_the_same_pdus(cuts):
    framer, edges = Framer(), [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[a:b] for a, b in itertools.pairwise(edges)]
    assert [frame for piece in pieces for frame in framer.feed(piece)] == FRAMES


@pytest.mark.parametrize("length", [0, 15, 101, 0xFFFFFFFF])
def test_a_wrong_command_length_is_refused_after_the_pdus_before_it(length):
    frames = Framer(max_pdu_size=100).feed(FRAMES[0] + length.to_bytes(4, "big"))
    assert next(frames) == FRAMES[0]
    with pytest.raises(ProtocolError) as raised:
        next(frames)
    assert raised.value.command_status == ESME_RINVCMDLEN
