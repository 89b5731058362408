"""Pickles are read without being run, whatever they hold."""

import contextlib
import os
import pickle
import pickletools
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sending.importing.inert_pickle import NotInert, Record, read

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False)
    | st.text(max_size=20) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    | st.tuples(inner, inner),
    max_leaves=20,
)  # fmt: skip


@given(PLAIN, st.sampled_from([3, 4, 5]))
def test_plain_values_come_out_as_they_went_in(value: object, protocol: int) -> None:
    assert read(pickle.dumps(value, protocol)) == value


@given(st.binary(max_size=200))
@example(b"\x80\x02]q\x00" + b"0" * 50 + b".")
def test_nothing_but_an_answer_or_a_refusal_comes_of_any_octets(octets: bytes) -> None:
    with contextlib.suppress(NotInert):
        read(octets)


@given(PLAIN, st.data())
def test_a_pickle_that_was_tampered_with_never_does_more(
    value: object, data: st.DataObject
) -> None:
    octets = bytearray(pickle.dumps(value, 2))
    at = data.draw(st.integers(0, len(octets) - 1))
    octets[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NotInert):
        read(bytes(octets))


class Attack:
    """A pickle that makes a folder."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return os.mkdir, (self.path,)


def test_a_call_becomes_a_record_and_is_not_made(tmp_path: Path) -> None:
    made = read(pickle.dumps(Attack(str(tmp_path / "made")), 2))
    assert isinstance(made, Record)
    assert made.name == "mkdir"
    assert list(tmp_path.iterdir()) == []


def test_a_memo_entry_beyond_all_costs_no_memory() -> None:
    octets = b"\x80\x02Nr\xff\xff\xff\x7f."
    assert [op.name for op, _argument, _at in pickletools.genops(octets)][2] == "LONG_BINPUT"
    assert read(octets) is None


@pytest.mark.parametrize(
    "octets",
    [b"", b".", b"\x80\x02.", b"\x80\x02](", b"I1\n2\ne.", b"\x80\x02}q\x00]K\x01s.", b"P1\n."],
)
def test_what_is_no_plain_value_is_refused(octets: bytes) -> None:
    with pytest.raises(NotInert):
        read(octets)
