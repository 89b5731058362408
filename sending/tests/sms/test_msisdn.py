"""Cells as people write them, and the numbers or errors they are read as."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sending.sms import msisdn
from sending.sms.msisdn import Msisdn, MsisdnError, parse

HONG_KONG = Msisdn("+85261234567", "HK")


@pytest.mark.parametrize(
    "cell",
    [
        "85261234567",
        "+85261234567",
        "0085261234567",
        "00 852 6123 4567",
        "+852 6123 4567",
        "(+852) 6123-4567",
        "[852] 6123.4567",
        "  85261234567\n",
        "852\u00a06123\u00a04567",
        "\ufeff852\u200b6123\u200e4567\u202c",
        "852–6123—4567−",
        "８５２６１２３４５６７",
        "＋８５２ ６１２３ ４５６７",
        "（852）61234567",
        "'85261234567",
        "\u201985261234567",
        '="85261234567"',
        "=+85261234567",
        "“85261234567”",
        "85261234567;",
        "852・6123。4567",
        "852\u301c6123\u27964567",
        "+852\u034f6123\u3164\u28004567",
        "852/6123/4567",
        "852～6123\\4567",
        "+852 6123／4567",
        "852\u30fc6123\u061c4567",
        "٨٥٢٦١٢٣٤٥٦٧",
        "۸۵۲ ۶۱۲۳ ۴۵۶۷",
        "+८५२ ६१२३ ४५६७",
        "𝟖𝟓𝟐𝟔𝟏𝟐𝟑𝟒𝟓𝟔𝟕",
        "﹢85261234567",
        "tel:+852-6123-4567",
        "TEL:6123-4567;phone-context=+852",
        "sms:+85261234567?body=hello",
        "tel:%2B85261234567",
        "Mobile: +852 6123 4567",
        "p:+85261234567",
        "WhatsApp +852 6123 4567",
        "Tel./Handy: 85261234567",
        "+852 6123 4567 (mobile)",
        "📱 +852 6123 4567",
        "手机：85261234567",
        "رقم الجوال: +٨٥٢٦١٢٣٤٥٦٧",
        "טלפון: 85261234567",
        "मोबाइल: 85261234567",
        "Mobile No.: 85261234567",
        "No. HP: 85261234567",
        "Nº de teléfono 85261234567",
        "№ телефона: 85261234567",
        "Αριθμός τηλεφώνου 85261234567",
        "ＴＥＬ 85261234567",
        "휴대폰번호 85261234567",
        "H/P 85261234567",
        "Home: 85261234567",
        "85261234567.0",
        "85261234567,00",
        "85261234567.000",
        "85,261,234,567.00",
        "85 261 234 567,0",
        85261234567,
        85261234567.0,
    ],
)
def test_a_number_may_be_written_in_many_ways(cell):
    assert parse(cell) == HONG_KONG


@pytest.mark.parametrize(
    ("cell", "e164", "country"),
    [
        ("85366123456", "+85366123456", "MO"),
        ("886912345678", "+886912345678", "TW"),
        ("6591234567", "+6591234567", "SG"),
        ("12025550123", "+12025550123", "US"),
        ("16135550123", "+16135550123", "CA"),
        ("12684641234", "+12684641234", "AG"),
        ("447911234567", "+447911234567", "GB"),
        ("447781123456", "+447781123456", "GG"),
        ("447624123456", "+447624123456", "IM"),
        ("77012345678", "+77012345678", "KZ"),
        ("79161234567", "+79161234567", "RU"),
        ("4740612345", "+4740612345", "NO"),
        ("3725123456", "+3725123456", "EE"),
        # Written with a national prefix, which the number does not keep.
        ("+44 (0)7911 234567", "+447911234567", "GB"),
        ("+54 11 15 2345 6789", "+5491123456789", "AR"),
        # Germans and Austrians put a slash behind the network's digits.
        ("+49 171/1234567", "+491711234567", "DE"),
        ("+43 664/1234567", "+436641234567", "AT"),
        # A national number of Italy begins with its own zero or, a mobile, with 3.
        ("+39 333 123456", "+39333123456", "IT"),
    ],
)
def test_numbers_of_many_countries(cell, e164, country):
    assert parse(cell) == Msisdn(e164, country)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, msisdn.MSISDN_MISSING),
        ("", msisdn.MSISDN_MISSING),
        (" \u00a0\u200b ", msisdn.MSISDN_MISSING),
        ("61234567", msisdn.MSISDN_INVALID),
        ("+85 2555 0012", msisdn.MSISDN_INVALID),
        ("(020) 9555", msisdn.MSISDN_INVALID),
        ("999123456789", msisdn.MSISDN_INVALID),
        ("852612345678", msisdn.MSISDN_INVALID),
        ("+", msisdn.MSISDN_INVALID),
        ("+852+61234567", msisdn.MSISDN_INVALID),
        ("8613#0001", msisdn.MSISDN_INVALID),
        ("Chen Wei", msisdn.MSISDN_INVALID),
        ("1-800-FLOWERS", msisdn.MSISDN_INVALID),
        ("8" * 5000, msisdn.MSISDN_INVALID),
        (0, msisdn.MSISDN_INVALID),
        (-85261234567, msisdn.MSISDN_INVALID),
        (10**30, msisdn.MSISDN_INVALID),
        (math.nan, msisdn.MSISDN_INVALID),
        (math.inf, msisdn.MSISDN_INVALID),
        ("8613800138000", msisdn.MSISDN_MAINLAND),
        ("+86 138 0013 8000", msisdn.MSISDN_MAINLAND),
        ("+86 10 6552 9988", msisdn.MSISDN_MAINLAND),
        ("+86 400 1234", msisdn.MSISDN_MAINLAND),
        ("86661234", msisdn.MSISDN_INVALID),
        (8613800138000.0, msisdn.MSISDN_MAINLAND),
        ("449098790123", msisdn.MSISDN_PREMIUM),
        ("+33 891 12 34 56", msisdn.MSISDN_PREMIUM),
        ("+979123456789", msisdn.MSISDN_PREMIUM),
        ("+442079460958", msisdn.MSISDN_NOT_MOBILE),  # fixed line
        ("+18005550199", msisdn.MSISDN_NOT_MOBILE),  # toll free
        ("+447012345678", msisdn.MSISDN_NOT_MOBILE),  # personal
        ("+815012345678", msisdn.MSISDN_NOT_MOBILE),  # VoIP
        ("+870301234567", msisdn.MSISDN_NOT_MOBILE),  # a satellite: of no country
        ("+80012345678", msisdn.MSISDN_NOT_MOBILE),  # toll free, of no country
        ("1.23E+11", msisdn.MSISDN_DIGITS_LOST),
        ("8,5261E10", msisdn.MSISDN_DIGITS_LOST),
        ("8.52612 E+10", msisdn.MSISDN_DIGITS_LOST),
        ("852612E5", msisdn.MSISDN_DIGITS_LOST),
        ("8.52612×10^10", msisdn.MSISDN_DIGITS_LOST),
        ("no SMS: 85261234567", msisdn.MSISDN_INVALID),
        ("sms: no 85261234567", msisdn.MSISDN_INVALID),
        ("sms:+85261234567;+85261234568", msisdn.MSISDN_INVALID),
        # Gabon before 2019, which `phonenumbers` still takes.
        ("24103123456", msisdn.MSISDN_INVALID),
        ("85261234567.5", msisdn.MSISDN_DIGITS_LOST),
        (123000000000.0, msisdn.MSISDN_DIGITS_LOST),
        (447911000000, msisdn.MSISDN_DIGITS_LOST),
        (85261234567.25, msisdn.MSISDN_DIGITS_LOST),
        (8.526123456789012e16, msisdn.MSISDN_DIGITS_LOST),
    ],
)
def test_what_is_refused_has_a_code(cell, code):
    with pytest.raises(MsisdnError) as refused:
        parse(cell)
    assert refused.value.code == code


def test_the_same_digits_are_taken_from_text_where_nothing_can_have_rounded_them():
    assert parse("447911000000") == Msisdn("+447911000000", "GB")


@pytest.mark.parametrize(
    ("cell", "suggestion"),
    [
        ("8526123456O", "85261234560"),
        ("852 6l23 4567", "85261234567"),
        ("85261234567 / 85261234568", "85261234567"),
        ("+852 6123 4567 (fax)", "85261234567"),
        ("old: +852 6123 4567", "85261234567"),
        ("Mobile 1: +852 6123 4567", "85261234567"),
        ("Chen Wei 85261234567", "85261234567"),
        ("https://wa.me/85261234567", "85261234567"),
        ("tel:+852-6123-4567;ext=5", "85261234567"),
        ("85261234567+", "85261234567"),
        ("85,261,234,567", "85261234567"),
        ("+41'79'123'45'67", "41791234567"),
        # A second number, told by its end, must not become digits of the first.
        ("+49 171 1234567/68", "491711234567"),
        ("+49 171 1234567 ~ 9", "491711234567"),
        ("+852 6123 4567-8", "85261234567"),
        ("+49 171 1234567-8", None),
        ("+43 664 1234567 - 10", None),
        ("+39 (0)333 1234567", "393331234567"),
        ("+852 (0) 6123 4567", "85261234567"),
        ("01185261234567", "85261234567"),
        ("+085261234567", "85261234567"),
        ("8.5261234567E+10", "85261234567"),
        # Nothing is obvious: a national number, a mainland or premium number, lost digits.
        ("085261234567", None),
        ("61234567", None),
        ("0011 86 138 0013 8000", None),
        ("9098790123 x", None),
        ("1.23E+11", None),
        ("852612345E3", None),
        ("(0)85261234567", None),
        # Perhaps of the mainland, without its 86.
        ("1312234567O", None),
        ("Chen 13122345678", None),
        ("1.3122345678E+10", None),
        ("Chen +1 312 234 5678", "13122345678"),
    ],
)
def test_a_fix_is_suggested_only_where_it_is_obvious(cell, suggestion):
    with pytest.raises(MsisdnError) as refused:
        parse(cell)
    assert refused.value.suggestion == suggestion


def answer_to(cell):
    try:
        return parse(cell)
    except MsisdnError as error:
        return error


@given(st.one_of(st.none(), st.text(max_size=80), st.integers(), st.floats()))
def test_any_cell_is_a_number_or_an_error_with_a_code(cell):
    answer = answer_to(cell)
    if isinstance(answer, Msisdn):
        assert parse(answer.e164) == answer
    else:
        assert answer.code in msisdn.CODES
        if answer.suggestion is not None:
            assert parse(answer.suggestion).e164 == "+" + answer.suggestion


@given(
    st.sampled_from(["85261234567", "447911234567", "12025550123", "5491123456789"]),
    st.lists(
        st.tuples(st.integers(0, 13), st.sampled_from(list(" -()\u00a0\u200b\u2011\u30fc\u061c")))
    ),
)
def test_separators_never_change_a_number(digits, separators):
    written = "+" + digits
    for place, separator in separators:
        written = written[:place] + separator + written[place:]
    assert parse(written) == parse(digits)
