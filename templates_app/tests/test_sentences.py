"""Every rule and every reason has a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.lint import RULES
from templates_app.lint_report import signature_report, text_template_report
from templates_app.reason_catalogue import REASON_ROWS, TITLES_ZH
from templates_app.sentences import FIELDS, FINDINGS, REASONS, reason_texts

SPECIAL = {"FORCES_UCS2", "VARIABLE_IN_LINK"}


def test_every_rule_has_a_sentence() -> None:
    assert set(RULES) == set(FINDINGS) | SPECIAL


def test_every_reason_and_field_has_a_sentence() -> None:
    rows = [row for rows in REASON_ROWS.values() for row in rows]
    assert {code for code, *_words in rows} == set(REASONS) == set(TITLES_ZH)
    assert {field for _code, field, *_words in rows} - {""} <= set(FIELDS)


@pytest.mark.parametrize(
    ("sms_type", "body", "samples"),
    [
        ("OTP", "", []),
        ("OTP", "x" * 501, []),
        ("OTP", "Your code {1} {3} {code} http://a.example/{2}", ["12345678", "a" * 20, "x.com"]),
        ("OTP", "{1}{2}", []),
        ("OTP", "Hi {1} 5{2}", []),
        ("MARKETING", "Sale! Reply STOP to opt out", []),
        ("MARKETING", "Reply STOP to opt out. " + "More about our wonderful sale. " * 4, []),
        ("MARKETING", "Sale [today] at www.shop.example ★ don’t miss", []),
        ("NOTIFICATION", "您的订单已发货", []),
        ("NOTIFICATION", "So­ft hyphen {1}", ["a\x00b"]),
        ("NOTIFICATION", "Hi {1}, {2}, {3}", []),
    ],
)
def test_sentences_take_the_parameters_of_their_findings(
    sms_type: str, body: str, samples: list[str]
) -> None:
    check = text_template_report(body, sms_type, samples, accepts_replies=False)
    assert check.said
    for said in check.said:
        assert "%(" not in said.title + said.advice
        assert said.advice


@given(st.text(alphabet="ab {}12€’[★.com/\n", max_size=80), st.sampled_from(["OTP", "MARKETING"]))
def test_the_marked_body_is_the_body(body: str, sms_type: str) -> None:
    check = text_template_report(body, sms_type, [], accepts_replies=None)
    assert "".join(run.text for run in check.runs) == body


def test_variables_side_by_side_stay_two() -> None:
    check = text_template_report("Hello {1}{2} again", "NOTIFICATION", [], accepts_replies=None)
    assert [run.text for run in check.runs if run.mark == "chip"] == ["{1}", "{2}"]


def test_nothing_is_called_kept_that_is_broken() -> None:
    check = text_template_report("Sale today", "MARKETING", [], accepts_replies=None)
    assert check.errors == 1
    assert not any("opt-out" in kept for kept in check.kept)


def test_a_signature_is_held_to_its_own_rules() -> None:
    assert signature_report("Harbourline").errors == 0
    assert [said.code for said in signature_report("test").said] == ["SIGNATURE_GENERIC"]


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    (said,) = reason_texts([{"code": "OLD_CODE", "field": "Registered name", "advice": "Do it."}])
    assert (said.label, said.field_label, said.advice) == ("OLD_CODE", "Registered name", "Do it.")
