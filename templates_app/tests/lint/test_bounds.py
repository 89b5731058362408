"""What people write costs no more than its length, asserted by how much comes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.lint import BODY_LIMIT, RULES, lint, lint_signature, lint_values, passed
from templates_app.lint.findings import LISTED_PER_RULE, MORE_FINDINGS
from templates_app.lint.links import links
from templates_app.lint.values import VALUE_LIMIT

TYPES = ("OTP", "NOTIFICATION", "MARKETING")
PIECES = ("{1}", "ab.com ", "[", "{", "\u200b", "‘", "x.{2}/", "7{1}", "★", "例え.jp", "STOP ", "@")
MOST = len(RULES) * LISTED_PER_RULE


@pytest.mark.parametrize("sms_type", TYPES)
@pytest.mark.parametrize("body", ["[" * 100_000, "ab.com " * 12_000 + "{1}" * 12_000, "a" * 501])
def test_a_body_that_is_too_long_is_one_finding(body, sms_type):
    findings = lint(body, sms_type, ["x"] * 99)
    assert [found.code for found in findings] == ["TEXT_TOO_LONG"]
    assert passed(sms_type, findings) == ()


def test_a_signature_that_is_too_long_is_one_finding():
    assert [found.code for found in lint_signature("[" * 100_000)] == ["SIGNATURE_LENGTH"]


def test_no_rule_looks_at_a_value_that_no_message_can_hold():
    (found,) = lint_values("NOTIFICATION", ["a.com " * VALUE_LIMIT])
    assert found.code == "VALUE_TOO_LONG"


def test_the_first_of_a_rule_are_listed_and_the_rest_is_counted():
    findings = lint("Order ready " + "[" * 40, "NOTIFICATION")
    listed = [found for found in findings if found.code == "SYMBOL_FORBIDDEN"]
    assert len(listed) == LISTED_PER_RULE
    assert findings[-1].code == MORE_FINDINGS
    assert findings[-1].params["more"] == 40 - LISTED_PER_RULE


def test_what_is_not_listed_counts_as_broken():
    body = "Order ready " + "[" * 40 + "{x}"
    assert not {"SYMBOL_FORBIDDEN", "VARIABLE_FORMAT"} & set(
        passed("NOTIFICATION", lint(body, "NOTIFICATION"))
    )


@given(st.sampled_from(TYPES), st.lists(st.sampled_from(PIECES), max_size=160).map("".join))
def test_the_list_of_findings_has_a_bound(sms_type, pieces):
    body = pieces[:BODY_LIMIT]
    assert len(lint(body, sms_type, ["a.com", "\u200b" * 100])) <= MOST


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.integers(1, 40))
def test_links_are_in_order_and_apart(pieces, times):
    end = 0
    for start, stop in links(pieces * times):
        assert end <= start < stop
        end = stop
