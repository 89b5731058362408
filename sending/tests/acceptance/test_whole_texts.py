"""Programs that know no text templates: whole texts find the approved wording they were made of."""

import json

import pytest

from accounts.tests.factories import make_operator
from sending.acceptance.request import AcceptedMessage
from sending.models import ApiMessage, Message
from sending.tests.acceptance.program import Program, codes
from sending.tests.factories import CODE_BODY, PLAIN_BODY, a_number
from templates_app import wording
from templates_app.actions import revoke
from templates_app.models import SmsType
from templates_app.tests.factories import (
    approved_signature,
    approved_template,
    pending_template,
)

pytestmark = pytest.mark.django_db
CODE = wording.parse(CODE_BODY).render(("482913", "5"))


def test_a_whole_text_is_accepted_as_if_its_template_had_been_named():
    program = Program()
    signature = approved_signature(program.organization, "Lumen")
    named, found = program.send(
        program.wants(text_template_id=program.code.pk, values=("482913", "5"), signature="Lumen"),
        program.wants(a_number(1), text_template_id=0, text=f"[Lumen]  {CODE}\r\n"),
    )
    assert isinstance(named, AcceptedMessage)
    assert isinstance(found, AcceptedMessage)
    one, other = Message.objects.order_by("pk")
    for field in ("text_template_version_id", "variables", "lane", "segments", "data_coding"):
        assert getattr(one, field) == getattr(other, field)
    assert other.signature_version_id == signature.approved_id
    assert json.loads(other.variables) == ["482913", "5"]


def test_a_signature_can_be_asked_for_beside_the_text():
    program = Program()
    signature = approved_signature(program.organization, "Lumen")
    answers = program.send(
        program.wants(text_template_id=0, text=CODE, signature="Lumen"),
        program.wants(a_number(1), text_template_id=0, text=CODE, signature="Other"),
    )
    assert codes(answers) == ["ACCEPTED", "SIGNATURE_UNKNOWN"]
    assert Message.objects.get().signature_version_id == signature.approved_id


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CODE.upper(), "TEXT_UNMATCHED"),
        (CODE.replace("482913", "4829134"), "TEXT_UNMATCHED"),
        (f"[Unknown] {CODE}", "SIGNATURE_UNKNOWN"),
        ("   ", "TEXT_UNMATCHED"),
        ("x" * 2000, "MESSAGE_TOO_LONG"),
    ],
)
def test_whole_texts_that_are_refused(text, code):
    program = Program()
    answers = program.send(program.wants(text_template_id=0, text=text))
    assert codes(answers) == [code]
    assert not Message.objects.exists()


def test_what_was_approved_or_changed_since_counts():
    program = Program()
    text = "Good morning, Ann!"
    assert codes(program.send(program.wants(text_template_id=0, text=text))) == ["TEXT_UNMATCHED"]
    template = approved_template(program.organization, "Good morning, {1}!", SmsType.NOTIFICATION)
    assert codes(program.send(program.wants(text_template_id=0, text=text))) == ["ACCEPTED"]
    revoke(version=template.approved, actor=make_operator(), reason="No", stop=lambda: None)
    answers = program.send(program.wants(a_number(1), text_template_id=0, text=text))
    assert codes(answers) == ["TEXT_UNMATCHED"]


def test_the_refusal_names_the_nearest_text_templates():
    program = Program()
    (refused,) = program.send(program.wants(text_template_id=0, text=PLAIN_BODY + " Hurry!"))
    assert refused.code == "TEXT_UNMATCHED"
    assert program.plain.name in refused.sentence


def test_only_approved_wordings_of_the_organization_count():
    program, other = Program(), Program()
    approved_template(other.organization, "Good morning, {1}!", SmsType.NOTIFICATION)
    pending_template(program.organization, "Good night, {1}!", SmsType.NOTIFICATION)
    answers = program.send(
        program.wants(text_template_id=0, text="Good morning, Ann!"),
        program.wants(text_template_id=0, text="Good night, Ann!"),
    )
    assert codes(answers) == ["TEXT_UNMATCHED"] * 2
    assert not ApiMessage.objects.exists()
