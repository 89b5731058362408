"""Rules for the values of one message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.lint import RULES, lint_values


@pytest.mark.parametrize(
    ("sms_type", "values"),
    [
        ("OTP", ["1234", "5"]),
        ("OTP", ["4821", "5–10"]),
        ("OTP", ["123456", "10:30"]),
        ("OTP", ["", ""]),
        ("NOTIFICATION", ["Chen Wei", "Order 100123 is ready, code 482100"]),
        ("NOTIFICATION", ["José O’Neill", "USD 1,204.50", "two\nlines", "王小明"]),
        ("MARKETING", ["30 Nov", "LAMP20"]),
        ("MARKETING", []),
        ("NOTIFICATION", ["kim.jo@example.com", "Thanks \U0001fa77"]),
    ],
)
def test_values_without_a_finding(sms_type, values):
    assert lint_values(sms_type, values) == []


@pytest.mark.parametrize(
    ("sms_type", "values", "code", "params"),
    [
        ("OTP", ["Anna", "5"], "VALUE_OTP_CODE", {"variable": 1, "digits": 6}),
        ("OTP", ["1234567", "5"], "VALUE_OTP_CODE", {"variable": 1}),
        ("OTP", ["12 34", "5"], "VALUE_OTP_CODE", {"variable": 1}),
        ("OTP", ["١٢٣٤", "5"], "VALUE_OTP_CODE", {"variable": 1}),
        ("OTP", ["1234", "a few minutes"], "VALUE_OTP_LONG", {"variable": 2, "length": 13}),
        ("NOTIFICATION", ["a", "see x.com/a"], "VALUE_LINK", {"variable": 2, "found": "x.com/a"}),
        ("MARKETING", ["https://a.example"], "VALUE_LINK", {"found": "https://a.example"}),
        ("OTP", ["1234", "a.com"], "VALUE_LINK", {"variable": 2}),
        ("NOTIFICATION", ["例え.jp"], "VALUE_LINK", {"found": "例え.jp"}),
        ("NOTIFICATION", ["a\x00b"], "VALUE_CHARACTER", {"variable": 1, "codepoint": "U+0000"}),
        ("NOTIFICATION", ["\u202eabc"], "VALUE_CHARACTER", {"name": "RIGHT-TO-LEFT OVERRIDE"}),
    ],
)
def test_what_each_rule_finds(sms_type, values, code, params):
    (found,) = lint_values(sms_type, values)
    assert (found.code, found.severity) == (code, RULES[code])
    assert params.items() <= found.params.items()


@given(st.sampled_from(["OTP", "NOTIFICATION", "MARKETING"]), st.lists(st.text(), max_size=4))
def test_any_values_can_be_judged(sms_type, values):
    for found in lint_values(sms_type, values):
        value = values[found.params["variable"] - 1]
        assert 0 <= found.start < found.end <= len(value)
