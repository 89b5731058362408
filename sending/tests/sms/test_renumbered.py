"""Old numbers of plans that have changed, and the new ones that are offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms.msisdn import MsisdnError, parse
from sending.sms.renumbered import renumbered


@pytest.mark.parametrize(
    ("cell", "suggestion"),
    [
        ("+52 1 55 1234 5678", "525512345678"),
        ("+52 044 55 1234 5678", "525512345678"),
        ("551187654321", "5511987654321"),
        ("+55 (21) 6543-2109", "5521965432109"),
        ("22997123456", "2290197123456"),
        (22997123456, "2290197123456"),
        ("+225 07 12 34 56", "2250707123456"),
        ("+225 45 12 34 56", "2250545123456"),
        ("+225 01 23 45 67", "2250101234567"),
        ("841681234567", "84381234567"),
        ("841221234567", "84771234567"),
        ("23777123456", "237677123456"),
        ("+33 6 92 12 34 56", "262692123456"),
        ("+84 (0)168 123 4567", "84381234567"),
        ("+55 0 11 8765 4321", "5511987654321"),
        ("+54 9 011 15 2345 6789", "5491123456789"),
        ("+54 9 (011) 2345 6789", "5491123456789"),
        ("+56 09 6123 4567", "56961234567"),
        ("+241 06 12 34 56", "24166123456"),
        ("+241 02 12 34 56", "24162123456"),
        ("24107123456", "24177123456"),
        ("WhatsApp: +229 97 12 34 56", "2290197123456"),
    ],
)
def test_the_new_number_is_offered(cell, suggestion):
    with pytest.raises(MsisdnError) as refused:
        parse(cell)
    assert refused.value.suggestion == suggestion
    assert parse(suggestion).e164 == "+" + suggestion


@pytest.mark.parametrize(
    "cell",
    [
        "551132654321",  # Brazil, a fixed line: no digit was added
        "22521123456",  # Côte d'Ivoire, a fixed line
        "5215512345",  # Mexico, too short
        "+54 11 2345 6789",  # Argentina, a fixed line, or a mobile without 9
        "24103123456",  # Gabon, an operator that is gone
        "841101234567",  # Vietnam, never a mobile
    ],
)
def test_nothing_is_offered_where_nothing_is_certain(cell):
    with pytest.raises(MsisdnError) as refused:
        parse(cell)
    assert refused.value.suggestion is None


@given(st.text("0123456789", max_size=17))
def test_no_number_of_today_is_renumbered(digits):
    try:
        number = parse(digits)
    except MsisdnError:
        return
    offered = renumbered(number.e164[1:])
    assert offered is None or offered != number.e164[1:]
