"""Decisions: once, by whom, and what follows from them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.errors import Conflict, NotAllowed, Refusal
from accounts.models import AuditEntry, User
from accounts.tests.factories import (
    make_contact,
    make_member,
    make_operator,
    make_organization,
    make_reviewer,
    make_user,
)
from templates_app.actions import decide, withdraw
from templates_app.models import Review, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    approved_signature,
    approved_template,
    make_signature_version,
    make_text_template,
    make_text_template_version,
    pending_signature,
    pending_template,
)

REASON = {"code": "OTP_CODE_WORD", "field": "body", "advice": "Say that it is a code."}


@pytest.mark.django_db
def test_an_approved_version_is_in_use_and_replaces_the_one_before() -> None:
    text_template = approved_template()
    first = text_template.approved
    second = make_text_template_version(text_template, ReviewState.PENDING)
    decide(version=second, reviewer=make_reviewer(), approve=True)
    text_template.refresh_from_db()
    first.refresh_from_db()
    assert text_template.approved == second
    assert text_template.approved.state == ReviewState.APPROVED
    assert text_template.approved.decided_at is not None
    assert first.state == ReviewState.REPLACED


@pytest.mark.django_db
def test_the_same_holds_for_signatures() -> None:
    signature = approved_signature()
    second = make_signature_version(signature, ReviewState.PENDING, content="Harbour Line")
    decide(version=second, reviewer=make_reviewer(), approve=True)
    signature.refresh_from_db()
    assert signature.approved.content == "Harbour Line"
    assert signature.versions.get(number=1).state == ReviewState.REPLACED


@pytest.mark.django_db
def test_a_rejection_keeps_its_reasons_and_the_version_in_use() -> None:
    text_template = approved_template()
    second = make_text_template_version(text_template, ReviewState.PENDING)
    reviewer = make_reviewer()
    review = decide(
        version=second, reviewer=reviewer, approve=False, reasons=[REASON], note="See you."
    )
    text_template.refresh_from_db()
    second.refresh_from_db()
    assert (review.reasons, review.note, review.reviewer) == ([REASON], "See you.", reviewer)
    assert second.state == ReviewState.REJECTED
    assert text_template.approved.number == 1


@pytest.mark.django_db
def test_a_rejection_needs_a_reason() -> None:
    version = pending_template().versions.get()
    with pytest.raises(Refusal, match="reason"):
        decide(version=version, reviewer=make_reviewer(), approve=False)
    version.refresh_from_db()
    assert version.state == ReviewState.PENDING


@pytest.mark.django_db
@pytest.mark.parametrize("approve", [True, False])
@pytest.mark.parametrize("is_staff", [True, False])
def test_people_without_the_permission_decide_nothing(is_staff: bool, approve: bool) -> None:
    version = pending_template().versions.get()
    # More than one organization, none of them theirs: nothing but the permission is missing.
    make_organization()
    with pytest.raises(NotAllowed, match="Only reviewers"):
        decide(
            version=version,
            reviewer=make_user(is_staff=is_staff),
            approve=approve,
            reasons=[REASON],
        )
    version.refresh_from_db()
    assert (version.state, version.decided_at) == (ReviewState.PENDING, None)
    assert not Review.objects.filter(text_template_version=version).exists()
    assert not AuditEntry.objects.for_organization(version.organization).exists()


@pytest.mark.django_db
def test_reviewers_decide_and_operators_do_not() -> None:
    version = pending_template().versions.get()
    with pytest.raises(NotAllowed, match="Only reviewers"):
        decide(version=version, reviewer=make_operator(), approve=True)
    reviewer = make_reviewer()
    assert decide(version=version, reviewer=reviewer, approve=True).reviewer == reviewer


@pytest.mark.django_db
def test_nobody_decides_about_their_own_organization() -> None:
    make_organization(name="Somebody else, so that there is another reviewer to ask")
    version = pending_template().versions.get()
    reviewer = make_reviewer()
    make_member("VIEWER", version.organization, reviewer)
    with pytest.raises(NotAllowed, match="your own organization"):
        decide(version=version, reviewer=reviewer, approve=True)
    version.refresh_from_db()
    assert version.state == ReviewState.PENDING


@pytest.mark.django_db
def test_where_it_is_allowed_history_says_so(settings) -> None:
    settings.REVIEW_BY_OWN_ORGANIZATION = True
    version = pending_signature().versions.get()
    reviewer = make_reviewer()
    make_member("OWNER", version.organization, reviewer)
    review = decide(version=version, reviewer=reviewer, approve=True)
    assert review.by_own_organization
    entry = AuditEntry.objects.get(action="signature.approved")
    assert entry.details["by_own_organization"] is True


@pytest.mark.django_db
@pytest.mark.parametrize("state", [s for s in ReviewState if s is not ReviewState.PENDING])
def test_only_what_waits_can_be_decided(state: ReviewState) -> None:
    version = make_text_template(state=state).versions.get()
    with pytest.raises(Conflict):
        decide(version=version, reviewer=make_reviewer(), approve=False, reasons=[REASON])
    version.refresh_from_db()
    assert version.state == state


@pytest.mark.django_db
def test_a_withdrawn_version_is_not_approved_from_a_page_that_is_old() -> None:
    version = pending_template().versions.get()
    withdraw(version=version, actor=make_user())
    # `version` still says that it waits, as the reviewer's page does.
    with pytest.raises(Conflict):
        decide(version=version, reviewer=make_reviewer(), approve=True)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_exactly_one_decides() -> None:
    version = pending_template().versions.get()
    reviewers = [make_reviewer(), make_reviewer()]
    together = Barrier(2)

    def press(reviewer: User) -> str:
        try:
            mine = TextTemplateVersion.objects.select_related("text_template").get(pk=version.pk)
            together.wait(timeout=120)
            approve = reviewer == reviewers[0]
            decide(version=mine, reviewer=reviewer, approve=approve, reasons=[REASON])
        except Conflict:
            return "too late"
        finally:
            connection.close()
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(press, reviewers))
    assert results == ["decided", "too late"]
    review = Review.objects.get(text_template_version=version)
    version.refresh_from_db()
    assert version.state == (ReviewState.APPROVED if review.approved else ReviewState.REJECTED)


@pytest.mark.django_db
def test_the_submitter_and_the_contacts_are_told(
    send_mail_at_once: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    organization, author = make_organization(), make_user(email="mei@example.com")
    make_contact(organization, email="ops@example.com")
    make_contact(organization, email="")
    make_contact(make_organization(), email="stranger@example.com")
    text_template = pending_template(organization, created_by=author, name="Sign-in code")
    with django_capture_on_commit_callbacks(execute=True):
        decide(
            version=text_template.versions.get(),
            reviewer=make_reviewer(),
            approve=False,
            reasons=[REASON],
            note="Nearly.",
        )
    assert sorted(one.to[0] for one in mail.outbox) == ["mei@example.com", "ops@example.com"]
    text = mail.outbox[0].body
    assert "Sign-in code" in mail.outbox[0].subject
    assert "OTP_CODE_WORD" in text
    assert "Say that it is a code." in text
    assert "Nearly." in text
    assert f"/content/templates/{text_template.pk}/" in text
    assert "&quot;" not in text
