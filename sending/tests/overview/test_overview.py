"""The overview: its guide is live, and its figures are those of the counters."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.tests.factories import make_activation, make_member
from sending.lifecycle import MessageState, TaskState
from sending.models import Draft
from sending.overview import queries
from sending.tests.factories import (
    a_number,
    make_messages,
    make_sender,
    make_task,
    make_waiting_task,
    move,
)
from sending.tests.send_tasks.reader import Reader, words
from templates_app.review import ReviewState
from templates_app.tests.factories import (
    approved_template,
    make_signature,
    make_text_template,
    pending_signature,
    pending_template,
)

pytestmark = pytest.mark.django_db
URL = reverse("overview:overview")


def test_the_guide_of_a_new_organization_begins_with_the_activation() -> None:
    member = make_member(Role.OWNER)

    guide = queries.guide(member)

    assert (guide.done, guide.activated, guide.needed) == (0, False, True)


def test_the_guide_follows_what_really_happened() -> None:
    member = make_sender()
    approved_template(member.organization)
    assert queries.guide(member).done == 2

    make_task(member, TaskState.SENDING, numbers=[a_number(1)], sent_by=member.user)

    guide = queries.guide(member)
    assert guide.tasks == 1


def test_the_guide_of_somebody_who_does_not_send_is_done_when_colleagues_have() -> None:
    member = make_sender()
    viewer = make_member(Role.VIEWER, member.organization)
    approved_template(member.organization)
    page = words(Reader(viewer).get(URL))
    assert "Your organization sends its first task" in page
    assert "Send your first task" not in page
    make_task(member, TaskState.SENDING, numbers=[a_number(1)], sent_by=member.user)
    assert not queries.guide(viewer).needed
    assert queries.guide(make_member(Role.SENDER, member.organization)).needed


def test_today_counts_by_state_what_the_counters_say() -> None:
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(6)])
    messages = make_messages(task)
    move(messages[:3], MessageState.DELIVERED)
    move(messages[3:4], MessageState.IN_DOUBT)
    move(messages[4:5], MessageState.UNDELIVERABLE)

    today = queries.today(member.organization)

    assert (today.handed_over, today.delivered, today.failed, today.in_doubt) == (4, 3, 1, 1)
    assert today.cost_micro == sum(m.cost_micro for m in [*messages[:3], messages[4]])
    assert today.segments_left == member.organization.daily_segment_limit - 6


def test_what_a_gateway_refused_is_not_called_queued() -> None:
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(5)])
    messages = make_messages(task)
    move(messages[:2], MessageState.REJECTED)
    move(messages[2:3], MessageState.DELIVERED)

    today = queries.today(member.organization)

    assert (today.segments_used, today.queued_segments) == (3, 2)
    assert today.segments_left == member.organization.daily_segment_limit - 5


def test_it_shows_open_tasks_and_what_waits_for_review(client: Client) -> None:
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(1)], name="November news")
    version = pending_template(member.organization)
    client.force_login(member.user)

    page = client.get(URL).content.decode()

    assert reverse("send_tasks:detail", args=[task.pk]) in page
    assert str(version) in page


def test_it_hides_what_is_not_yours(client: Client) -> None:
    make_task(make_sender(), TaskState.SENDING, numbers=[a_number(1)], name="Secret news")
    mine = make_sender()
    client.force_login(mine.user)

    assert "Secret news" not in client.get(URL).content.decode()
    assert queries.today(mine.organization).handed_over == 0


def test_a_waiting_activation_is_shown_with_its_due_time(client: Client) -> None:
    member = make_member(Role.OWNER)
    make_activation(member.organization)
    client.force_login(member.user)

    assert "Waiting for review" in client.get(URL).content.decode()


def test_whoever_may_send_is_led_to_the_drafts() -> None:
    member = make_sender()
    viewer = make_member(Role.VIEWER, member.organization)
    link = {"href": reverse("send_tasks:drafts")}
    assert not Reader(member).get(URL).main.find("a", link)

    about = {"created_by": member.user, "saved_at": timezone.now(), "fields": {}}
    Draft.objects.create(organization=member.organization, **about)
    assert Reader(member).get(URL).main.find("a", link)
    assert not Reader(viewer).get(URL).main.find("a", link)


def test_what_runs_comes_first_and_what_needs_someone_stays() -> None:
    member = make_sender()
    ready = make_task(member, TaskState.READY, numbers=[a_number(1)])
    refused = make_task(member, TaskState.REJECTED, name="Bad file")
    sending = make_task(member, TaskState.SENDING, numbers=[a_number(2)])
    checking = make_task(member, TaskState.CHECKING)
    organization = member.organization

    assert [task for task, _figures in queries.running_tasks(organization)] == [sending, checking]
    assert queries.needed(organization).tasks == [ready, refused]
    page = Reader(member).get(URL)
    assert [h2.text for h2 in page.main.find_all("h2")][-4:] == [
        "Running tasks",
        "Needs attention",
        "Today",
        "In review",
    ]
    assert page.main.find("a", href=reverse("send_tasks:check", args=[refused.pk]))

    make_task(member, TaskState.CHECKING, name="Bad file")
    assert queries.needed(organization).tasks == [ready]


def test_of_a_file_that_was_tried_again_the_newest_try_is_shown() -> None:
    member = make_sender()
    tries = [make_task(member, TaskState.REJECTED, name="Bad file") for _time in range(3)]
    other = make_task(member, TaskState.REJECTED, name="Another")
    make_task(make_sender(), TaskState.CHECKING, name="Another")

    assert queries.needed(member.organization).tasks == [other, tries[-1]]


def test_a_rejected_text_stays_until_there_is_another() -> None:
    member = make_sender()
    template = make_text_template(member.organization, ReviewState.REJECTED)
    signature = make_signature(member.organization, ReviewState.REJECTED, content="Corner")
    make_text_template(make_sender().organization, ReviewState.REJECTED)

    versions = queries.needed(member.organization).versions
    assert versions == [signature.versions.get(), template.versions.get()]
    assert "Read the reasons and write a new version" in words(Reader(member).get(URL))

    old = template.versions.get()
    old.pk, old.number, old.state = None, 2, ReviewState.DRAFT.value
    old.save()
    signature.deleted_at = timezone.now()
    signature.save()
    assert not queries.needed(member.organization).versions


def test_the_guide_knows_what_is_in_review() -> None:
    member = make_sender()
    pending_signature(member.organization, "Lamp House")
    guide = queries.guide(member)
    assert (guide.waiting_signature, guide.signature) == (True, None)


def test_a_task_that_waits_for_approval_leaves_the_guide_as_it_is() -> None:
    owner = make_sender(Role.OWNER)
    approved_template(owner.organization)
    colleague = make_member(Role.SENDER, owner.organization)
    make_waiting_task(colleague)

    page = Reader(owner).get(URL)

    assert "Waiting for your approval" in words(page)
    assert "Pending review" not in words(page)
    assert "Start" in [link.text.strip() for link in page.select("main a.btn")]


def test_the_limit_says_what_gateways_did_not_take() -> None:
    member = make_sender()
    task = make_task(member, TaskState.SENDING, numbers=[a_number(n) for n in range(3)])
    messages = make_messages(task)
    move(messages[:2], MessageState.DELIVERED)
    move(messages[2:], MessageState.EXPIRED)

    today = queries.today(member.organization)

    assert (today.segments, today.segments_used, today.segments_refused) == (2, 3, 1)
    assert "1 was refused or expired before" in words(Reader(member).get(URL))
