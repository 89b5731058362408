"""Appeals go to another reviewer, once; questions are read by both sides and move the due time."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Conflict, NotAllowed
from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_reviewer, make_user
from templates_app.actions import appeal, ask_reviewer, ask_submitter, decide, may_be_appealed
from templates_app.actions.questions import MOST_QUESTIONS
from templates_app.desk.queries import Item, queue
from templates_app.models import Review, ReviewQuestion
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    make_signature,
    make_signature_version,
    make_text_template,
    make_text_template_version,
)

pytestmark = pytest.mark.django_db
REASONS = [{"code": "OTHER", "field": "", "advice": "Say more."}]


@pytest.fixture(params=["signature", "template"])
def kind(request):
    return request.param


@pytest.fixture
def member():
    return make_member(Role.SENDER)


@pytest.fixture
def first():
    return make_reviewer()


@pytest.fixture
def rejected(kind, member, first):
    make = make_signature if kind == "signature" else make_text_template
    thing = make(member.organization, ReviewState.PENDING, created_by=member.user)
    version = thing.versions.get()
    decide(version=version, reviewer=first, approve=False, reasons=REASONS)
    version.refresh_from_db()
    return version


def test_another_reviewer_decides_about_an_appeal_and_that_is_final(rejected, member, first, kind):
    second = make_reviewer()
    asked = appeal(version=rejected, submitter=member.user, reason="The licence names us.")
    assert (asked.state, asked.appeal) == ("PENDING", "The licence names us.")
    assert asked.due_at - asked.appealed_at == timedelta(hours=2)
    assert Item(kind, asked).is_appeal
    assert [item.row for item in queue(second).items] == [asked]
    assert queue(first).items == []
    with pytest.raises(NotAllowed, match="Another reviewer"):
        decide(version=asked, reviewer=first, approve=True)
    decide(version=asked, reviewer=second, approve=False, reasons=REASONS)
    decisions = Review.objects.order_by("pk").values_list("reviewer", "of_appeal", "approved")
    assert list(decisions) == [(first.pk, False, False), (second.pk, True, False)]
    asked.refresh_from_db()
    with pytest.raises(Conflict, match="final"):
        appeal(version=asked, submitter=member.user, reason="Again")
    assert AuditEntry.objects.filter(action__endswith=".appealed").count() == 1


def test_an_appeal_can_be_granted(rejected, member):
    make_reviewer()
    asked = appeal(version=rejected, submitter=member.user, reason="It is ours.")
    decide(version=asked, reviewer=make_reviewer(), approve=True)
    rejected.thing.refresh_from_db()
    assert rejected.thing.approved == rejected


def with_a_newer_version(version):
    thing = version.thing
    make = make_signature_version if hasattr(version, "content") else make_text_template_version
    make(thing, ReviewState.DRAFT)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda version: None, "no other reviewer"),
        (lambda version: (make_reviewer(), with_a_newer_version(version)), "newer version"),
        (
            lambda version: (
                make_reviewer(),
                type(version).objects.filter(pk=version.pk).update(state="WITHDRAWN"),
            ),
            "not rejected",
        ),
    ],
)
def test_what_cannot_be_appealed_says_why(rejected, member, change, why):
    change(rejected)
    rejected.refresh_from_db()
    assert not may_be_appealed(rejected)
    with pytest.raises(Conflict, match=why):
        appeal(version=rejected, submitter=member.user, reason="It is ours.")


def test_the_due_time_stands_still_while_an_answer_is_awaited(kind, member):
    make = make_signature if kind == "signature" else make_text_template
    version = make(member.organization, ReviewState.PENDING, created_by=member.user).versions.get()
    due, reviewer = version.due_at, make_reviewer()
    asked_at = timezone.now()
    with time_machine.travel(asked_at, tick=False):
        ask_submitter(version=version, reviewer=reviewer, text="Who gets it?")
    version.refresh_from_db()
    with time_machine.travel(due + timedelta(hours=1), tick=False):
        assert not Item(kind, version).is_overdue
        ask_reviewer(version=version, author=member.user, text="Members only.")
    version.refresh_from_db()
    assert version.asked_at is None
    assert version.due_at == due + (due + timedelta(hours=1) - asked_at)
    said = ReviewQuestion.objects.order_by("pk").values_list("text", "by_reviewer")
    assert list(said) == [("Who gets it?", True), ("Members only.", False)]
    acts = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [act.partition(".")[2] for act in acts] == ["asked", "answered"]


@pytest.mark.usefixtures("send_mail_at_once")
def test_both_sides_are_told(rejected, member, first, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask_reviewer(version=rejected, author=member.user, text="Which licence?")
        ask_submitter(version=rejected, reviewer=first, text="The one of your shop.")
    told = [(one.to, "question or answer about the review" in one.body) for one in mail.outbox[-2:]]
    assert told == [([first.email], True), ([member.user.email], True)]


def test_a_thread_is_bounded_and_only_for_those_it_is_about(rejected, member):
    with pytest.raises(NotAllowed):
        ask_submitter(version=rejected, reviewer=make_user(), text="Hello?")
    ask = partial(ask_reviewer, version=rejected, author=member.user, text="Why?")
    for _time in range(MOST_QUESTIONS):
        ask()
    with pytest.raises(Conflict, match="any more"):
        ask()


def test_pages_show_the_thread_and_take_both_sides(client, rejected, member, first, kind):
    make_reviewer()
    log_in(client, member)
    detail = reverse(f"templates_app:{kind}_detail", args=[rejected.thing.pk])
    assert "Appeal against the rejection" in client.get(detail).text
    questions = reverse(f"templates_app:{kind}_questions", args=[rejected.pk])
    assert "required" in client.post(questions, {"text": ""}).text
    client.post(questions, {"text": "Which licence?"})
    assert "Which licence?" in client.get(detail).text
    log_in(client, first)
    desk = reverse("admin:review_item", args=[kind, rejected.pk])
    assert "Which licence?" in client.get(desk).text
    client.post(desk, {"ask": "1", "text": "That of your shop."})
    log_in(client, member)
    shown = client.get(questions)
    assert "That of your shop." in shown.text
    assert first.email not in shown.text
    appealed = client.post(
        reverse(f"templates_app:{kind}_appeal", args=[rejected.pk]),
        {"reason": "Look again."},
        follow=True,
    )
    assert "Look again." in appealed.text
    assert "in review" in appealed.text
