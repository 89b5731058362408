"""The GSM 7-bit default alphabet and its extension."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms import alphabet

gsm_texts = st.text(st.sampled_from(sorted(alphabet.BASIC | alphabet.EXTENDED)))


def test_it_has_the_characters_of_the_specification():
    assert len(alphabet.BASIC) == 127  # 128 septets, one of them the escape
    assert len(alphabet.EXTENDED) == 10
    assert not alphabet.BASIC & alphabet.EXTENDED


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("@", "00"),
        ("hello", "68656c6c6f"),
        ("A_a\n\r", "4111610a0d"),
        ("£$¥èéùìòÇØøÅå", "0102030405060708090b0c0e0f"),
        ("ΔΦΓΛΩΠΨΣΘΞ", "10121314151617" + "18191a"),
        ("¤¡ÄÖÑÜ§¿äöñüà", "24405b5c5d5e5f60" + "7b7c7d7e7f"),
        ("^{}\\[~]|€\f", "1b141b281b291b2f1b3c1b3d1b3e1b401b651b0a"),
        ("", ""),
    ],
)
def test_it_encodes_as_the_tables_say(text, octets):
    assert alphabet.encode(text).hex() == octets
    assert alphabet.decode(bytes.fromhex(octets)) == text


@pytest.mark.parametrize(
    ("text", "forcing"),
    [
        ("Your code is 1234", []),
        ("Ça va? €5 [ok]", []),
        ("ç is no Ç", ["ç"]),
        ("don’t – don’t", ["’", "–"]),
        ("a\tb`c", ["\t", "`"]),
        ("验证码", ["验", "证", "码"]),
        ("ok 😀", ["😀"]),
        ("\x1b", ["\x1b"]),
    ],
)
def test_it_names_what_forces_ucs2_once_and_in_order(text, forcing):
    assert alphabet.forces_ucs2(text) == forcing


def test_what_it_cannot_encode_it_names():
    with pytest.raises(alphabet.NotGsm) as refused:
        alphabet.encode("don’t 验")
    assert refused.value.characters == ["’", "验"]


@given(gsm_texts)
def test_every_gsm_text_comes_back_and_takes_as_many_septets_as_counted(text):
    octets = alphabet.encode(text)
    assert alphabet.decode(octets) == text
    assert len(octets) == alphabet.septets(text)
    assert all(octet < 0x80 for octet in octets)


@given(st.binary())
def test_any_octets_can_be_read(octets):
    assert len(alphabet.decode(octets)) <= len(octets)


@pytest.mark.parametrize(
    ("octets", "text"),
    [("1b41", "A"), ("611b", "a "), ("1b1b", " "), ("e1", "a")],
)
def test_unknown_escapes_show_the_default_character(octets, text):
    assert alphabet.decode(bytes.fromhex(octets)) == text
