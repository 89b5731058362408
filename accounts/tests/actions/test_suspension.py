"""Suspending: who may, what is kept, who is told."""

import pytest
from django.core import mail as outbox

from accounts.actions import end_suspension, suspend
from accounts.errors import Conflict, MayNotSend, NotAllowed
from accounts.models import AuditEntry, Member
from accounts.queries import check_may_send, may_send
from accounts.roles import Role
from accounts.templatetags.audit import audit_sentence
from accounts.tests.factories import (
    make_active_organization,
    make_application,
    make_contact,
    make_member,
    make_operator,
    make_reviewer,
    make_user,
)

pytestmark = pytest.mark.django_db
REASON = "Complaints about texts nobody asked for."


@pytest.fixture
def organization():
    return make_active_organization(name="Harbourline Ltd")


def test_it_is_asked_wherever_something_is_sent(organization):
    application = organization.applications.get()
    check_may_send(organization, application)
    suspend(organization, actor=make_operator(), reason=REASON, cancels=False)
    assert not may_send(organization)
    with pytest.raises(MayNotSend, match=REASON) as refused:
        check_may_send(organization, application)
    assert refused.value.code == "ORGANIZATION_SUSPENDED"


def test_a_suspended_application_leaves_the_others_alone(organization):
    application, other = organization.applications.get(), make_application(organization)
    suspend(application, actor=make_operator(), reason=REASON, cancels=False)
    with pytest.raises(MayNotSend, match=REASON) as refused:
        check_may_send(organization, application)
    assert refused.value.code == "APPLICATION_SUSPENDED"
    check_may_send(organization, other)
    assert may_send(organization)


@pytest.mark.parametrize("kind", ["organization", "application"])
def test_it_begins_and_ends_once_and_the_trail_says_so(organization, kind):
    subject = organization if kind == "organization" else organization.applications.get()
    operator = make_operator()
    suspend(subject, actor=operator, reason=REASON, cancels=True)
    with pytest.raises(Conflict):
        suspend(subject, actor=operator, reason="Another", cancels=False)
    assert (subject.is_suspended, subject.suspension_reason) == (True, REASON)
    end_suspension(subject, actor=operator)
    with pytest.raises(Conflict):
        end_suspension(subject, actor=operator)
    assert (subject.is_suspended, subject.suspension_reason) == (False, "")
    begun, ended = AuditEntry.objects.for_organization(organization).order_by("id")
    assert (begun.action, ended.action) == (f"{kind}.suspended", f"{kind}.suspension_ended")
    assert begun.actor == ended.actor == operator
    assert begun.details == {"reason": REASON, "queued": "cancelled"}
    assert REASON in audit_sentence(begun)


@pytest.mark.parametrize("make", [make_user, make_reviewer])
def test_only_operators_may(organization, make):
    person = make()
    with pytest.raises(NotAllowed):
        suspend(organization, actor=person, reason=REASON, cancels=False)
    suspend(organization, actor=make_operator(), reason=REASON, cancels=False)
    with pytest.raises(NotAllowed):
        end_suspension(organization, actor=person)
    assert organization.is_suspended


def test_nobody_ends_the_suspension_of_their_own_organization(organization, settings):
    settings.REVIEW_BY_OWN_ORGANIZATION = False
    operator = make_operator()
    make_member(Role.OWNER, organization, operator)
    suspend(organization, actor=operator, reason=REASON, cancels=False)
    with pytest.raises(NotAllowed):
        end_suspension(organization, actor=operator)
    end_suspension(organization, actor=make_operator())


def test_owners_and_contacts_are_told_when_it_begins_and_when_it_ends(
    organization, send_mail_at_once, django_capture_on_commit_callbacks
):
    owner = make_member(Role.OWNER, organization)
    make_member(Role.ADMIN, organization)
    gone: Member = make_member(Role.OWNER, organization, make_user(is_active=False))
    contact = make_contact(organization)
    operator = make_operator()
    told = [[owner.user.email], [contact.email]]
    with django_capture_on_commit_callbacks(execute=True):
        suspend(organization, actor=operator, reason=REASON, cancels=False)
    assert [mail.to for mail in outbox.outbox] == told
    assert gone.user.email not in str(told)
    begun = outbox.outbox[0]
    assert REASON in begun.body
    assert "paused" in begun.body
    outbox.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        end_suspension(organization, actor=operator)
    assert [mail.to for mail in outbox.outbox] == told
    assert "stay paused" in outbox.outbox[0].body
    assert REASON not in outbox.outbox[0].body


def test_the_mail_says_what_was_cancelled_and_whom_to_ask(
    organization, send_mail_at_once, django_capture_on_commit_callbacks, settings
):
    settings.SUPPORT_EMAIL = "desk@carrier.example"
    make_contact(organization)
    application = organization.applications.get()
    with django_capture_on_commit_callbacks(execute=True):
        suspend(application, actor=make_operator(), reason=REASON, cancels=True)
    (told,) = outbox.outbox
    assert "have been cancelled" in told.body
    assert application.name in told.body
    assert "desk@carrier.example" in told.body
