"""Octets of short_message in each data_coding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.alphabet import NotGsm
from sending.sms.data_coding import DataCoding, decode, encode


@pytest.mark.parametrize(
    ("text", "data_coding", "octets"),
    [
        ("€1", DataCoding.GSM7, "1b6531"),
        ("é1", DataCoding.LATIN1, "e931"),
        ("é1", DataCoding.UCS2, "00e90031"),
        ("😀", DataCoding.UCS2, "d83dde00"),
    ],
)
def test_texts_and_octets(text, data_coding, octets):
    assert encode(text, data_coding).hex() == octets
    assert decode(bytes.fromhex(octets), data_coding) == text


def test_what_an_alphabet_has_not_is_an_error():
    with pytest.raises(NotGsm):
        encode("验", DataCoding.GSM7)
    with pytest.raises(UnicodeEncodeError):
        encode("€", DataCoding.LATIN1)


@given(st.binary(), st.integers(0, 255))
def test_octets_of_any_data_coding_can_be_shown(octets, data_coding):
    assert isinstance(decode(octets, data_coding), str)


@given(st.text())
def test_every_text_comes_back_from_ucs2(text):
    assert decode(encode(text, DataCoding.UCS2), DataCoding.UCS2) == text
