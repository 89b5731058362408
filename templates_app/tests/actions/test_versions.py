"""Submitting, withdrawing, following and deleting versions."""

import pytest

from accounts.errors import Conflict, Refusal
from accounts.models import AuditEntry
from accounts.review_clock import REVIEW_TIME
from accounts.tests.factories import make_organization, make_user
from templates_app.actions import (
    delete,
    new_version,
    save_signature,
    save_text_template,
    submit,
    withdraw,
)
from templates_app.actions.versions import HasFindings
from templates_app.models import TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    approved_signature,
    approved_template,
    make_signature,
    make_text_template,
    make_text_template_version,
    pending_signature,
    pending_template,
)

pytestmark = pytest.mark.django_db


def test_submitting_freezes_the_text_and_says_when_it_is_due() -> None:
    draft = make_text_template().versions.get()
    person = make_user()
    version = submit(version=draft, submitter=person)
    assert version.state == ReviewState.PENDING
    assert version.due_at - version.submitted_at == REVIEW_TIME
    assert version.created_by == person
    with pytest.raises(Conflict):
        save_text_template(
            version=version, author=person, name="x", sms_type="OTP", body="Your code is {1}."
        )
    version.refresh_from_db()
    assert version.body == draft.body


def test_a_submitted_signature_is_frozen_too() -> None:
    version = pending_signature().versions.get()
    with pytest.raises(Conflict):
        save_signature(version=version, author=make_user(), content="Other name", kind="APP")
    version.refresh_from_db()
    assert version.content == "Harbourline"


def test_a_text_that_breaks_rules_is_not_submitted() -> None:
    draft = make_text_template(body="Your code is {1}. See www.{2}.example").versions.get()
    with pytest.raises(HasFindings, match="Correct 2 problems"):
        submit(version=draft, submitter=make_user())
    draft.refresh_from_db()
    assert draft.state == ReviewState.DRAFT


def test_a_text_that_only_costs_more_is_submitted() -> None:
    draft = make_text_template(
        body="Your order is ready – come when you like.", sms_type="NOTIFICATION"
    ).versions.get()
    assert submit(version=draft, submitter=make_user()).state == ReviewState.PENDING


def test_a_second_submission_waits_for_the_first() -> None:
    text_template = pending_template()
    draft = make_text_template_version(text_template)
    with pytest.raises(Conflict, match="in review"):
        submit(version=draft, submitter=make_user())
    draft.refresh_from_db()
    assert draft.state == ReviewState.DRAFT


@pytest.mark.parametrize("make", [approved_signature, pending_signature])
def test_a_signature_that_is_in_use_or_in_review_is_not_submitted_again(make) -> None:
    organization = make_organization()
    make(organization, content="Harbourline")
    twin = make_signature(organization, content="HARBOURLINE").versions.get()
    with pytest.raises(Conflict, match="already has a signature"):
        submit(version=twin, submitter=make_user())
    elsewhere = make_signature(content="Harbourline").versions.get()
    assert submit(version=elsewhere, submitter=make_user()).state == ReviewState.PENDING


def test_a_new_version_copies_the_text_and_the_approved_one_stays_in_use() -> None:
    text_template = approved_template()
    author = make_user()
    draft = new_version(version=text_template.approved, author=author)
    assert (draft.number, draft.state) == (2, ReviewState.DRAFT)
    assert (draft.body, draft.samples) == (text_template.approved.body, ["1234", "5"])
    submit(version=draft, submitter=author)
    text_template.refresh_from_db()
    assert text_template.approved.number == 1
    assert text_template.approved.state == ReviewState.APPROVED


def test_there_is_one_draft_at_a_time() -> None:
    text_template = approved_template()
    first = new_version(version=text_template.approved, author=make_user())
    assert new_version(version=text_template.approved, author=make_user()) == first


def test_what_waits_can_be_withdrawn_and_what_is_decided_cannot() -> None:
    pending = pending_template().versions.get()
    assert withdraw(version=pending, actor=make_user()).state == ReviewState.WITHDRAWN
    approved = approved_template().approved
    with pytest.raises(Conflict):
        withdraw(version=approved, actor=make_user())
    approved.refresh_from_db()
    assert approved.state == ReviewState.APPROVED


def test_deleting_hides_it_takes_it_out_of_use_and_frees_the_name() -> None:
    text_template = approved_template()
    waiting = make_text_template_version(text_template, ReviewState.PENDING)
    delete(thing=text_template, actor=make_user())
    text_template.refresh_from_db()
    waiting.refresh_from_db()
    assert text_template.deleted_at is not None
    assert text_template.approved is None
    assert waiting.state == ReviewState.WITHDRAWN
    assert TextTemplateVersion.objects.filter(state=ReviewState.APPROVED).count() == 0
    make_text_template(text_template.organization, name=text_template.name)
    with pytest.raises(Refusal):
        new_version(version=waiting, author=make_user())


def test_every_act_is_in_the_audit_trail() -> None:
    person = make_user()
    version = submit(version=make_text_template().versions.get(), submitter=person)
    withdraw(version=version, actor=person)
    delete(thing=version.thing, actor=person)
    entries = AuditEntry.objects.filter(organization=version.organization, actor=person)
    assert list(entries.order_by("pk").values_list("action", flat=True)) == [
        "text_template.submitted",
        "text_template.withdrawn",
        "text_template.deleted",
    ]
