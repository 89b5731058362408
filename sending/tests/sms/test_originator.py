"""Originators and how SMPP names them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms import originator
from sending.sms.originator import OriginatorError, OriginatorKind, parse


@pytest.mark.parametrize(
    ("text", "address", "kind", "smpp"),
    [
        ("Harbourline", "Harbourline", OriginatorKind.ALPHANUMERIC, ("Harbourline", 5, 0)),
        (" Lumen Oak ", "Lumen Oak", OriginatorKind.ALPHANUMERIC, ("Lumen Oak", 5, 0)),
        ("4you", "4you", OriginatorKind.ALPHANUMERIC, ("4you", 5, 0)),
        ("62442", "62442", OriginatorKind.SHORT_CODE, ("62442", 3, 0)),
        ("+44 7700 900555", "+447700900555", OriginatorKind.MSISDN, ("447700900555", 1, 1)),
        ("442079460958", "+442079460958", OriginatorKind.MSISDN, ("442079460958", 1, 1)),
        ("0085261234567", "+85261234567", OriginatorKind.MSISDN, ("85261234567", 1, 1)),
    ],
)
def test_it_tells_the_kinds_apart(text, address, kind, smpp):
    parsed = parse(text)
    assert (parsed.address, parsed.kind, parsed.smpp) == (address, kind, smpp)
    assert parsed.accepts_replies is (kind is not OriginatorKind.ALPHANUMERIC)


@pytest.mark.parametrize(
    ("text", "code", "characters"),
    [
        ("", originator.ORIGINATOR_MISSING, ""),
        ("  ", originator.ORIGINATOR_MISSING, ""),
        ("Harbourlines", originator.ORIGINATOR_TOO_LONG, ""),
        ("Café é", originator.ORIGINATOR_CHARACTER, "é"),
        ("港线", originator.ORIGINATOR_CHARACTER, "港线"),
        ("me@home", originator.ORIGINATOR_CHARACTER, "@"),
        ("a[b]", originator.ORIGINATOR_CHARACTER, "[]"),
        ("a\nb", originator.ORIGINATOR_CHARACTER, "\n"),
        ("!!!", originator.ORIGINATOR_CHARACTER, "!!!"),
        ("12", originator.ORIGINATOR_NUMBER, ""),
        ("999123456789", originator.ORIGINATOR_NUMBER, ""),
        ("1234567890123456", originator.ORIGINATOR_NUMBER, ""),
    ],
)
def test_what_is_refused_has_a_code(text, code, characters):
    with pytest.raises(OriginatorError) as refused:
        parse(text)
    assert (refused.value.code, refused.value.characters) == (code, characters)


def answer_to(text):
    try:
        return parse(text)
    except OriginatorError as error:
        return error


@given(st.text(max_size=30))
def test_any_text_is_an_originator_smpp_can_carry_or_an_error(text):
    answer = answer_to(text)
    if isinstance(answer, OriginatorError):
        assert answer.code in originator.CODES
        return
    source_addr, ton, npi = answer.smpp
    assert source_addr.isascii()
    assert 1 <= len(source_addr) <= 20  # SMPP 3.4, 5.2.8: 21 octets with the NUL
    assert (ton, npi) in {(5, 0), (3, 0), (1, 1)}
    assert parse(answer.address) == answer
