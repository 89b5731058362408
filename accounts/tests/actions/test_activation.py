"""Applying, deciding, and who may decide what."""

import pytest
from django.core import mail as outbox

from accounts.actions import apply_for_activation, decide_activation
from accounts.errors import Conflict, NotAllowed, Refusal
from accounts.models import AuditEntry, ServiceActivation, SmsApplication
from accounts.queries import current_activation, default_application, may_review, may_send
from accounts.tests.factories import (
    make_activation,
    make_contact,
    make_member,
    make_operator,
    make_organization,
    make_reviewer,
    make_user,
)

pytestmark = pytest.mark.django_db

REASONS = [{"code": "OTHER", "field": "purpose", "advice": "Say who receives it."}]
APPLICATION = {
    "legal_name": "Harbourline Ltd",
    "country": "HK",
    "website": "https://harbourline.example",
    "purpose": "Order notices to customers who gave us their number.",
    "monthly_messages": 8000,
}


def test_an_application_waits_for_a_reviewer_and_is_due_in_two_hours():
    member = make_member()
    activation = apply_for_activation(
        organization=member.organization, applicant=member.user, **APPLICATION
    )
    assert activation.is_pending
    assert (activation.due_at - activation.submitted_at).total_seconds() == 2 * 3600
    assert current_activation(member.organization) == activation
    assert not may_send(member.organization)
    assert default_application(member.organization) is None


def test_only_one_application_is_open():
    member = make_member()
    make_activation(member.organization)
    with pytest.raises(Conflict):
        apply_for_activation(organization=member.organization, applicant=member.user, **APPLICATION)
    assert ServiceActivation.objects.for_organization(member.organization).count() == 1


def test_approval_activates_and_makes_one_default_application():
    organization = make_organization()
    activation = make_activation(organization)
    decided = decide_activation(activation=activation, reviewer=make_reviewer(), approve=True)
    assert decided.is_approved
    assert may_send(organization)
    application = SmsApplication.objects.for_organization(organization).get()
    assert len(application.sdk_app_id) == 10
    entry = AuditEntry.objects.for_organization(organization).get()
    assert entry.action == "service_activation.approved"
    assert entry.details["by_own_organization"] is False


def test_rejection_keeps_its_reasons_and_lets_people_apply_again():
    member = make_member()
    activation = make_activation(member.organization)
    reviewer = make_reviewer()
    decided = decide_activation(
        activation=activation,
        reviewer=reviewer,
        approve=False,
        reasons=REASONS,
        note="Almost there.",
    )
    assert decided.is_rejected
    assert decided.reasons == REASONS
    assert decided.decided_by == reviewer
    assert not may_send(member.organization)
    again = apply_for_activation(
        organization=member.organization, applicant=member.user, **APPLICATION
    )
    assert current_activation(member.organization) == again


def test_a_rejection_needs_a_reason():
    activation = make_activation(make_organization())
    with pytest.raises(Refusal):
        decide_activation(activation=activation, reviewer=make_reviewer(), approve=False)
    activation.refresh_from_db()
    assert activation.is_pending


def test_the_second_of_two_reviewers_is_told_so_and_changes_nothing():
    organization = make_organization()
    seen_by_first = make_activation(organization)
    seen_by_second = ServiceActivation.objects.get(pk=seen_by_first.pk)
    decide_activation(activation=seen_by_first, reviewer=make_reviewer(), approve=True)
    with pytest.raises(Conflict):
        decide_activation(
            activation=seen_by_second, reviewer=make_reviewer(), approve=False, reasons=REASONS
        )
    assert may_send(organization)
    assert AuditEntry.objects.for_organization(organization).count() == 1


@pytest.mark.parametrize("approve", [True, False])
@pytest.mark.parametrize("is_staff", [True, False])
def test_people_without_the_permission_decide_nothing(is_staff, approve):
    activation = make_activation(make_organization())
    # More than one organization, none of them theirs: nothing but the permission is missing.
    make_organization()
    with pytest.raises(NotAllowed, match="Only reviewers"):
        decide_activation(
            activation=activation,
            reviewer=make_user(is_staff=is_staff),
            approve=approve,
            reasons=REASONS,
        )
    activation.refresh_from_db()
    assert activation.is_pending
    assert (activation.decided_by, activation.decided_at) == (None, None)
    assert not may_send(activation.organization)
    assert not AuditEntry.objects.for_organization(activation.organization).exists()
    assert not SmsApplication.objects.for_organization(activation.organization).exists()


def test_operators_decide_nothing():
    activation = make_activation(make_organization())
    with pytest.raises(NotAllowed, match="Only reviewers"):
        decide_activation(activation=activation, reviewer=make_operator(), approve=True)
    assert not may_send(activation.organization)


@pytest.mark.parametrize(
    ("setting", "organizations", "allowed"),
    [
        (None, 1, True),
        (None, 2, False),
        (True, 1, True),
        (True, 2, True),
        (False, 1, False),
        (False, 2, False),
    ],
)
def test_ones_own_organization(settings, setting, organizations, allowed):
    settings.REVIEW_BY_OWN_ORGANIZATION = setting
    member = make_member(user=make_reviewer())
    for _ in range(organizations - 1):
        make_organization()
    assert may_review(member.user, member.organization) == (allowed, True)
    activation = make_activation(member.organization)
    if allowed:
        decided = decide_activation(activation=activation, reviewer=member.user, approve=True)
        assert decided.by_own_organization
    else:
        with pytest.raises(NotAllowed):
            decide_activation(activation=activation, reviewer=member.user, approve=True)


def test_somebody_elses_organization_may_be_reviewed():
    reviewer = make_reviewer()
    make_member(user=reviewer)
    assert may_review(reviewer, make_organization()) == (True, False)


def test_automatic_approval_is_the_consoles_own_decision(settings):
    settings.AUTO_APPROVE_ACTIVATION = True
    member = make_member()
    activation = apply_for_activation(
        organization=member.organization, applicant=member.user, **APPLICATION
    )
    assert activation.is_approved
    assert activation.decided_by is None
    assert may_send(member.organization)


@pytest.mark.parametrize("approve", [True, False])
def test_submitter_and_contacts_hear_of_the_decision_once(
    approve, django_capture_on_commit_callbacks, send_mail_at_once
):
    member = make_member()
    make_contact(member.organization, email="legal@harbourline.example")
    make_contact(member.organization, email=member.user.email.upper())
    make_contact(member.organization, email="", msisdn="+85261234567")
    activation = make_activation(member.organization, submitted_by=member.user)
    with django_capture_on_commit_callbacks(execute=True):
        decide_activation(
            activation=activation,
            reviewer=make_reviewer(),
            approve=approve,
            reasons=REASONS,
            note="Welcome & good luck.",
        )
    told = sorted(address.lower() for mail in outbox.outbox for address in mail.to)
    assert told == sorted(["legal@harbourline.example", member.user.email])
    body = outbox.outbox[0].body
    assert "Welcome & good luck." in body
    assert ("Say who receives it." in body) is not approve
    assert "http://127.0.0.1:8000/settings/activation/" in body
