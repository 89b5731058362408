"""Every state, type, rule and reason has all that pages and mails show of it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.tests.factories import log_in, make_member
from templates_app.lint import RULES, Finding, Severity
from templates_app.models import SmsType, TextTemplateVersion
from templates_app.models.reviewed_version import STATE_LABELS
from templates_app.models.signature import SIGNATURE_TYPE_LABELS, SignatureType
from templates_app.models.text_template import SMS_TYPE_LABELS
from templates_app.review import STEPS, ReviewState
from templates_app.sentences import KEPT, REASONS, reason_texts, say
from templates_app.templatetags.content import state_icon, tone
from templates_app.tests.factories import make_signature, make_text_template

TONES = {"ok", "warn", "bad", "idle"}
# Every parameter that a sentence may name (templates_app/lint/findings.py).
PARAMETERS: dict[str, str | int | None] = {
    "after": 70,
    "id": 12,
    "character": "’",
    "characters": 1,
    "codepoint": "U+2019",
    "digits": 6,
    "found": "[x]",
    "length": 501,
    "limit": 500,
    "maximum": 15,
    "minimum": 2,
    "missing": 1,
    "more": 3,
    "name": "RIGHT SINGLE QUOTATION MARK",
    "replacement": "'",
    "segments": 2,
    "segments_replaced": 1,
    "variable": 1,
    "variables": 3,
}


def icons() -> str:
    """Return the sheet of icons that pages draw from."""
    return "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(settings.BASE_DIR) / "static" / "vendor").rglob("*.svg")
    )


@pytest.mark.parametrize("state", ReviewState)
def test_every_state_has_label_tone_icon_and_steps(state: ReviewState) -> None:
    assert str(STATE_LABELS[state])
    assert TextTemplateVersion(state=state.value).get_state_display() == str(STATE_LABELS[state])
    assert tone(state.value) in TONES
    assert f'id="i-{state_icon(state.value)}"' in icons()
    assert STEPS[state] <= set(ReviewState)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ReviewState)
@pytest.mark.parametrize("make", [make_signature, make_text_template])
def test_every_state_can_be_listed_and_opened(client: Client, make, state: ReviewState) -> None:
    member = make_member()
    thing = make(member.organization, state)
    folder = "signatures" if make is make_signature else "templates"
    log_in(client, member)
    for address in (f"/content/{folder}/", f"/content/{folder}/{thing.pk}/"):
        page = client.get(address)
        assert page.status_code == 200
        assert str(STATE_LABELS[state]) in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("to", ReviewState)
@pytest.mark.parametrize("state", ReviewState)
def test_a_version_takes_only_its_steps(state: ReviewState, to: ReviewState) -> None:
    version = make_text_template(state=state).versions.get()
    rows = TextTemplateVersion.objects.filter(pk=version.pk)
    assert rows.step(to) == int(to in STEPS[state])
    version.refresh_from_db()
    assert version.state == (to if to in STEPS[state] else state)


@pytest.mark.parametrize("kind", SmsType)
def test_every_type_of_text_has_a_label(kind: SmsType) -> None:
    assert str(SMS_TYPE_LABELS[kind])


@pytest.mark.parametrize("kind", SignatureType)
def test_every_type_of_signature_has_a_label(kind: SignatureType) -> None:
    assert str(SIGNATURE_TYPE_LABELS[kind])


@pytest.mark.parametrize("glued", ["link", "number"])
@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_has_a_sentence_advice_tone_and_icon(code: str, glued: str) -> None:
    said = say(Finding(code, RULES[code], 0, 1, {**PARAMETERS, "glued": glued}))
    assert said.title
    assert said.advice
    assert "%" not in said.title + said.advice
    assert said.tone in TONES
    assert f'id="i-{said.icon}"' in icons()


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_has_a_rule(severity: Severity) -> None:
    assert severity in set(RULES.values())


def test_what_a_text_keeps_is_said_of_rules_that_exist() -> None:
    assert set(KEPT) <= set(RULES)


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_a_sentence(code: str) -> None:
    (said,) = reason_texts([{"code": code, "field": "", "advice": ""}])
    assert said.label == str(REASONS[code]) != code
