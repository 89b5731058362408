"""validity_period in its relative form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.smpp.validity import LONGEST, relative_validity


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (None, ""),
        (0, "000000000001000R"),
        (-5, "000000000001000R"),
        (59, "000000000059000R"),
        (300, "000000000500000R"),
        (3_600, "000000010000000R"),
        (86_400 + 3_661, "000001010101000R"),
        (10**9, "000030235959000R"),
    ],
)
def test_seconds_are_written_as_the_specification_says(seconds, written):
    assert relative_validity(seconds) == written


@given(st.integers(1, LONGEST))
def test_reading_it_back_gives_the_seconds(seconds):
    found = re.fullmatch(r"0000(\d\d)(\d\d)(\d\d)(\d\d)000R", relative_validity(seconds))
    days, hours, minutes, rest = map(int, found.groups())
    assert ((days * 24 + hours) * 60 + minutes) * 60 + rest == seconds
