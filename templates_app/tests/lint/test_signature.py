"""Rules for signatures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.lint import RULES, lint_signature


@pytest.mark.parametrize("text", ["Harbourline", "HL", "Lumen & Oak", "Booking.com", "O'Neill 24"])
def test_names_without_a_finding(text):
    assert lint_signature(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "SIGNATURE_LENGTH"),
        ("H", "SIGNATURE_LENGTH"),
        ("Harbourline Group", "SIGNATURE_LENGTH"),
        ("[Harbourline]", "SYMBOL_FORBIDDEN"),
        ("【港线】", "SYMBOL_FORBIDDEN"),
        ("Harbour {1}", "SYMBOL_FORBIDDEN"),
        ("Harbour\nline", "SYMBOL_FORBIDDEN"),
        ("Harbour\u200bline", "INVISIBLE_CHARACTER"),
        ("test", "SIGNATURE_GENERIC"),
        ("Notification", "SIGNATURE_GENERIC"),
        ("Our  company", "SIGNATURE_GENERIC"),
        ("Verification  code", "SIGNATURE_LENGTH"),
        ("验证码", "SIGNATURE_GENERIC"),
        ("aabb", "SIGNATURE_GENERIC"),
        ("aaaa", "SIGNATURE_GENERIC"),
        ("12345", "SIGNATURE_NO_LETTER"),
        ("Lumen’s", "FORCES_UCS2"),
        ("港线", "SCRIPT_UCS2"),
    ],
)
def test_what_each_rule_finds(text, code):
    assert code in [found.code for found in lint_signature(text)]


@given(st.text(max_size=20))
def test_any_text_can_be_judged(text):
    findings = lint_signature(text)
    for found in findings:
        assert found.severity is RULES[found.code]
        assert 0 <= found.start <= found.end <= len(text)
    if not 2 <= len(text) <= 15:
        assert "SIGNATURE_LENGTH" in [found.code for found in findings]
