"""Rules for bodies: what each finds, where, and what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.lint import RULES, Severity, lint, passed, rules_for

GUIDE = (
    "Your verification code is {1} (valid for {2} minutes). "
    "For account safety, don't forward the code to others."
)
TYPES = ("OTP", "NOTIFICATION", "MARKETING")


def codes(body, sms_type, samples=(), **more):
    return [found.code for found in lint(body, sms_type, samples, **more)]


@pytest.mark.parametrize(
    ("body", "sms_type", "samples"),
    [
        (GUIDE, "OTP", ["1234", "5"]),
        (GUIDE, "OTP", []),
        ("Your parcel {1} arrives on {2}.", "NOTIFICATION", ["A-17", "Friday, 10:30"]),
        ("Hi {1}, your order {2} is ready. Please come in.", "NOTIFICATION", []),
        ("Lumen: 20% off until {1}. Reply STOP to opt out.", "MARKETING", ["30 Nov"]),
        ("Sale at Lumen & Oak! To unsubscribe call 0800 555 019", "MARKETING", []),
    ],
)
def test_texts_without_a_finding(body, sms_type, samples):
    assert lint(body, sms_type, samples) == []
    assert passed(sms_type, []) == rules_for(sms_type)


@pytest.mark.parametrize(
    ("body", "sms_type", "code", "marked", "params"),
    [
        (" \n", "NOTIFICATION", "TEXT_MISSING", " \n", {}),
        ("a" * 501, "NOTIFICATION", "TEXT_TOO_LONG", "a", {"length": 501, "limit": 500}),
        ("Your bill {name} is due", "NOTIFICATION", "VARIABLE_FORMAT", "{name}", {}),
        ("Your bill { 1 } is due", "NOTIFICATION", "VARIABLE_FORMAT", "{ 1 }", {}),
        ("Your bill {0} is due", "NOTIFICATION", "VARIABLE_FORMAT", "{0}", {}),
        ("Your bill {{1}} is due", "NOTIFICATION", "VARIABLE_FORMAT", "{{1}}", {}),
        ("Your bill ｛1｝ is due", "NOTIFICATION", "VARIABLE_FORMAT", "｛1｝", {}),
        ("Your bill {1 is due", "NOTIFICATION", "VARIABLE_FORMAT", "{", {}),
        ("Your bill of {1} is due {3}", "NOTIFICATION", "VARIABLE_GAP", "{3}", {"missing": 2}),
        ("Your bill is due {2}", "NOTIFICATION", "VARIABLE_GAP", "{2}", {"missing": 1}),
        ("{1} {2}!", "NOTIFICATION", "VARIABLES_ONLY", "{1} {2}!", {}),
        ("Hi {1}, {2}", "NOTIFICATION", "VARIABLES_MANY", "Hi {1}, {2}", {"variables": 2}),
        ("Track it: www.{1}.cn", "NOTIFICATION", "VARIABLE_IN_LINK", "www.{1}.cn", {"variable": 1}),
        (
            "Track it: https://t.example/p?n={1}.",
            "NOTIFICATION",
            "VARIABLE_IN_LINK",
            "https://t.example/p?n={1}",
            {"glued": "link"},
        ),
        ("Call us: 186{1}1234", "NOTIFICATION", "VARIABLE_IN_LINK", "{1}", {"glued": "number"}),
        ("Your seat is {1}7 today", "NOTIFICATION", "VARIABLE_IN_LINK", "{1}", {"glued": "number"}),
        ("【Lumen】 your order is ready", "NOTIFICATION", "SYMBOL_FORBIDDEN", "【", {}),
        ("Order ready ^_^ come in", "NOTIFICATION", "SYMBOL_FORBIDDEN", "^_^", {}),
        (
            "Your order\u202e is ready",
            "NOTIFICATION",
            "INVISIBLE_CHARACTER",
            "\u202e",
            {"codepoint": "U+202E", "name": "RIGHT-TO-LEFT OVERRIDE"},
        ),
        ("Your order\x00 is ready", "NOTIFICATION", "INVISIBLE_CHARACTER", "\x00", {}),
        ("Enter {1} to sign in", "OTP", "OTP_CODE_WORD", "Enter {1} to sign in", {}),
        ("We decode it for {1}", "OTP", "OTP_CODE_WORD", "We decode it for {1}", {}),
        ("Your code is on the card", "OTP", "OTP_NO_VARIABLE", "Your code is on the card", {}),
        ("Code {1}, see example.com", "OTP", "OTP_LINK", "example.com", {}),
        ("More at example.com/a.", "NOTIFICATION", "LINK_TO_CHECK", "example.com/a", {}),
        ("20% off all lamps until {1}", "MARKETING", "OPTOUT_MISSING", "", {}),
        (
            "Reply STOP to opt out. " + "Now 20% off every lamp in the shop. " * 3,
            "MARKETING",
            "OPTOUT_NOT_LAST",
            "opt out",
            {},
        ),
    ],
)
def test_what_each_rule_finds(body, sms_type, code, marked, params):
    found = next(found for found in lint(body, sms_type) if found.code == code)
    assert body[found.start : found.end] == marked
    assert found.severity is RULES[code]
    assert params.items() <= found.params.items()


def test_an_editor_with_two_errors_and_a_cost():
    body = GUIDE.replace("'", "’") + " Help: help.harbourline.example/{1}"
    findings = lint(body, "OTP", ["1234", "5"])
    assert [found.code for found in findings] == ["VARIABLE_IN_LINK", "OTP_LINK", "FORCES_UCS2"]
    assert dict(findings[-1].params) == {
        "character": "’",
        "codepoint": "U+2019",
        "name": "RIGHT SINGLE QUOTATION MARK",
        "replacement": "'",
        "characters": 1,
        "segments": 3,
        "segments_replaced": 1,
    }
    assert {"VARIABLE_FORMAT", "OTP_CODE_WORD"} <= set(passed("OTP", findings))


def test_each_character_that_can_be_replaced_is_a_finding():
    findings = lint("“Your” order – ready…", "NOTIFICATION")
    assert [found.params["character"] for found in findings] == ["“", "”", "–", "…"]


def test_a_letter_with_its_accent_apart_is_one_character_to_replace():
    (found,) = lint("Cafe\u0301 is open today, {1}", "NOTIFICATION")
    assert (found.start, found.end) == (3, 5)
    assert found.params["replacement"] == "é"
    assert found.params["codepoint"] == "U+0065 U+0301"
    assert found.params["segments_replaced"] == 1


def test_a_text_in_another_script_is_one_finding_with_nothing_to_replace():
    (found,) = lint("您的验证码是{1}，{2}分钟内有效。", "OTP", signature="港线")
    assert (found.code, found.severity) == ("SCRIPT_UCS2", Severity.NOTE)
    assert found.params["segments"] == 1


def test_segments_are_counted_with_signature_and_samples():
    body = "Your parcel {1} has come’"
    (short,) = lint(body, "NOTIFICATION", ["A-17"])
    (long,) = lint(body, "NOTIFICATION", ["A" * 60], signature="Harbourline")
    assert (short.params["segments"], long.params["segments"]) == (1, 2)


@pytest.mark.parametrize(
    ("body", "languages"),
    [
        ("Your CODE: {1}", None),
        ("Su código es {1}", None),
        ("您的验证码是{1}", None),
        ("รหัสของคุณคือ {1}", {"th"}),
        ("Kodunuz {1}", {"tr"}),
        ("認証番号は{1}です", {"ja"}),
    ],
)
def test_an_otp_says_code_in_many_languages(body, languages):
    assert "OTP_CODE_WORD" not in codes(body, "OTP", languages=languages)


def test_languages_can_be_limited():
    assert "OTP_CODE_WORD" in codes("Su código es {1}", "OTP", languages={"en", "zh"})


@pytest.mark.parametrize(
    "body",
    [
        "Lamps 20% off. Reply T to unsubscribe",
        "Lamps 20% off. Text STOP to 62442",
        "Lamps 20% off. Opt out: lumen.example/stop",
        "灯具八折，回T退订",
        "灯具八折，拒收请回复R",
        "Lampes -20%. STOP au 36111",
        "Lámparas -20%. Para no recibir más, responda BAJA",
        "Lampen 20 % günstiger. Abmelden: lumen.example/stop",
        "ランプ20%オフ 配信停止 lumen.example/stop",
    ],
)
def test_opt_outs_of_many_languages(body):
    assert not {"OPTOUT_MISSING", "OPTOUT_NOT_LAST"} & set(codes(body, "MARKETING"))


@pytest.mark.parametrize(
    ("body", "accepts_replies", "found"),
    [
        ("Lamps 20% off. Reply STOP to opt out.", False, True),
        ("Lamps 20% off. Reply STOP to opt out.", True, False),
        ("Lamps 20% off. Reply STOP to opt out.", None, False),
        ("Lamps 20% off. Reply STOP or see lumen.example/stop", False, False),
        ("Lamps 20% off. Opt out: lumen.example/stop", False, False),
    ],
)
def test_an_answer_needs_an_originator_that_takes_answers(body, accepts_replies, found):
    for sms_type in ("MARKETING", "NOTIFICATION"):
        said = codes(body, sms_type, accepts_replies=accepts_replies)
        assert ("OPTOUT_NO_REPLY" in said) is found


def test_samples_are_held_to_the_rules_of_values():
    findings = lint(GUIDE, "OTP", ["12345678", "5"])
    assert [found.code for found in findings] == ["VALUE_OTP_CODE"]
    assert findings[0].params["variable"] == 1
    assert passed("OTP", findings) == rules_for("OTP")


@pytest.mark.parametrize("sms_type", TYPES)
def test_every_rule_of_a_type_has_a_severity(sms_type):
    assert set(rules_for(sms_type)) <= set(RULES)


bodies = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["{1}", "{2}", "{x}", "{", "}", "www.", "a.com/", "code", " ", "7", "’", "【", "STOP"]
        )
    ).map("".join),
)


@given(bodies, st.sampled_from(TYPES), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_can_be_judged(body, sms_type, samples):
    findings = lint(body, sms_type, samples)
    severities = [list(Severity).index(found.severity) for found in findings]
    assert severities == sorted(severities)
    for found in findings:
        assert found.severity is RULES[found.code]
        if not found.code.startswith("VALUE_"):
            assert 0 <= found.start <= found.end <= len(body)


@given(st.text(max_size=12))
def test_only_numbered_braces_are_variables(word):
    body = f"Your order {{{word}}} has come today"
    is_number = word.isascii() and word.isdigit() and not word.startswith("0") and len(word) < 3
    assert ("VARIABLE_FORMAT" not in codes(body, "NOTIFICATION")) is is_number
