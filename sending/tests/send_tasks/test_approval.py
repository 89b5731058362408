"""The second pair of eyes: who decides, on exactly what, and what comes of it."""

import itertools

import pytest
from django.core import mail
from django.urls import reverse

from accounts.actions import change_role, remove_member
from accounts.errors import Conflict, NotAllowed
from accounts.models import AuditEntry, Member
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.lifecycle import TaskState
from sending.models import ApprovalOutcome, SendTask, TaskEvent
from sending.send_tasks import approval
from sending.tests.factories import counted
from sending.tests.send_tasks.asking import (
    LEADS_TO,
    approve,
    asked,
    decide,
    fresh,
    owner_of,
    ready,
    request_of,
    send_back,
    want_approval,
    withdraw,
)
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.usefixtures("bell")


# --- From Send to the decision --------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("above", "state"),
    [
        (None, TaskState.SENDING),
        (3, TaskState.SENDING),
        (2, TaskState.WAITING),
        (0, TaskState.WAITING),
    ],
)
def test_send_asks_where_the_organization_wants_it(sender, above, state):
    want_approval(sender.organization, above)
    task = ready(sender)
    reader = Reader(sender)
    page = words(reader.get(reverse("send_tasks:check", args=[task.pk])))
    assert ("Ask for approval of 3 messages" in page) is (state is TaskState.WAITING)
    assert ("Send 3 messages" in page) is (state is TaskState.SENDING)
    reader.post(reverse("send_tasks:send", args=[task.pk]), messages=3)
    assert fresh(task).state == state
    assert bool(counted(task_id=task.pk)) is (state is TaskState.SENDING)


def test_from_asking_to_sending(
    sender, bell, send_mail_at_once, django_capture_on_commit_callbacks
):
    owner, task = owner_of(sender), ready(sender)
    check = reverse("send_tasks:check", args=[task.pk])
    reader, other = Reader(sender), Reader(owner)
    with django_capture_on_commit_callbacks(execute=True):
        answer = reader.post(reverse("send_tasks:send", args=[task.pk]), messages=3)
    assert answer["Location"] == check
    page = words(reader.get(check))
    assert "waits for approval" in page
    assert "Withdraw the request" in page
    assert "Approve 3 messages" not in page
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([owner.user.email], f"Approval needed: {task.name}")
    ]
    assert (task.pk, "WAITING") in [(t.pk, t.state) for t in SendTask.objects.all()]
    assert task.name in words(other.get(reverse("overview:overview")))
    assert "Waiting for your approval" in words(other.get(reverse("overview:overview")))
    assert "Waiting for your approval" not in words(reader.get(reverse("overview:overview")))
    assert "Approve 3 messages" in words(other.get(check))
    with django_capture_on_commit_callbacks(execute=True):
        answer = other.post(
            reverse("send_tasks:approve", args=[task.pk]), approval=request_of(task).pk
        )
    assert answer["Location"] == reverse("send_tasks:detail", args=[task.pk])
    task = fresh(task)
    assert (task.state, task.sent_by, bell) == (TaskState.SENDING, sender.user, [1])
    assert counted(task_id=task.pk) == {"QUEUED": 3}
    row = request_of(task)
    assert (row.outcome, row.decided_by) == (ApprovalOutcome.APPROVED, owner.user)
    codes = ["approval_asked", "approved", "sent"]
    assert list(TaskEvent.objects.order_by("pk").values_list("code", flat=True)) == codes
    trail = AuditEntry.objects.filter(action__startswith="send_task.").order_by("pk")
    assert list(trail.values_list("action", "actor")) == [
        ("send_task.approval_asked", sender.user_id),
        ("send_task.sent", sender.user_id),
        ("send_task.approved", owner.user_id),
    ]
    assert mail.outbox[-1].to == [sender.user.email]
    assert mail.outbox[-1].subject == f"Approved: {task.name}"
    history = words(reader.get(reverse("send_tasks:detail", args=[task.pk])))
    assert "Approved" in history
    assert f"By {owner.user}" in history


def test_a_note_leads_back_to_the_check(
    sender, send_mail_at_once, django_capture_on_commit_callbacks
):
    owner, task = owner_of(sender), asked(sender)
    reader, url = Reader(owner), reverse("send_tasks:send_back", args=[task.pk])
    empty = reader.post(url, approval=request_of(task).pk, note=" ")
    assert "Say what should be changed" in empty.text
    assert fresh(task).state == TaskState.WAITING
    with django_capture_on_commit_callbacks(execute=True):
        reader.post(url, approval=request_of(task).pk, note="Leave out +85251230001, please.")
    assert fresh(task).state == TaskState.READY
    page = words(Reader(sender).get(reverse("send_tasks:check", args=[task.pk])))
    assert "returned this task" in page
    assert "Leave out +852******01, please." in page
    assert "Ask for approval of 3 messages" in page
    assert mail.outbox[-1].to == [sender.user.email]
    assert "Leave out +852******01, please." in mail.outbox[-1].body
    assert request_of(task).note == "Leave out +852******01, please."
    # Asked for again, the note is over.
    asked(sender, fresh(task))
    assert "returned this task" not in words(
        Reader(sender).get(reverse("send_tasks:check", args=[task.pk]))
    )


@pytest.mark.parametrize("outcome", ApprovalOutcome)
def test_what_each_decision_leads_to(sender, outcome):
    task = asked(sender)
    decide(outcome, task, sender)
    assert fresh(task).state == LEADS_TO[outcome]
    assert request_of(task).outcome == outcome
    assert bool(counted(task_id=task.pk)) is (outcome is ApprovalOutcome.APPROVED)


@pytest.mark.parametrize(("first", "second"), list(itertools.product(ApprovalOutcome, repeat=2)))
def test_what_was_decided_is_decided_once(sender, first, second):
    task = asked(sender)
    shown = request_of(task)
    decide(first, task, sender)
    if second is ApprovalOutcome.CANCELLED:
        return
    with pytest.raises(Conflict):
        decide(second, task, sender)
    shown.refresh_from_db()
    assert (shown.outcome, fresh(task).state) == (first, LEADS_TO[first])


def test_a_page_that_shows_an_earlier_request_decides_nothing(sender):
    task = asked(sender)
    earlier = request_of(task).pk
    withdraw(task, sender)
    asked(sender, fresh(task))
    for name in ("approve", "send_back"):
        Reader(owner_of(sender)).post(
            reverse(f"send_tasks:{name}", args=[task.pk]), approval=earlier, note="No."
        )
        assert fresh(task).state == TaskState.WAITING
    assert request_of(task).is_open


# --- Who may not ----------------------------------------------------------------------------------


def test_nobody_approves_what_is_their_own(sender):
    owner = owner_of(sender)
    admin = make_member(Role.ADMIN, sender.organization)
    third = make_member(Role.APPROVER, sender.organization)
    # Composed by one, asked for by the other.
    task = ready(owner)
    assert approval.press_send(task=task, user=admin.user, messages=3)
    for member in (owner, admin):
        with pytest.raises(NotAllowed):
            approve(task, member)
        with pytest.raises(NotAllowed):
            send_back(task, member)
        page = words(Reader(member).get(reverse("send_tasks:check", args=[task.pk])))
        assert "Approve 3 messages" not in page
    approve(task, third)
    assert fresh(task).state == TaskState.SENDING


def test_another_role_makes_nobody_a_stranger_to_their_task(sender):
    task = asked(sender)
    change_role(member=sender, role=Role.APPROVER, actor=owner_of(sender))
    with pytest.raises(NotAllowed):
        approve(task, sender)
    with pytest.raises(NotAllowed):
        send_back(task, sender)


def test_who_asked_once_never_approves_that_task(sender):
    admin = make_member(Role.ADMIN, sender.organization)
    task = ready(sender)
    assert approval.press_send(task=task, user=admin.user, messages=3)
    withdraw(task, admin)
    asked(sender, fresh(task))
    with pytest.raises(NotAllowed):
        approve(task, admin)


def test_who_had_it_read_again_does_not_approve_it(sender):
    admin = make_member(Role.ADMIN, sender.organization)
    task = ready(sender)
    TaskEvent.objects.create(task=task, code="read_again", actor=admin.user)
    asked(sender, task)
    with pytest.raises(NotAllowed):
        approve(task, admin)


def test_a_right_that_is_gone_decides_nothing(sender):
    admin = make_member(Role.ADMIN, sender.organization)
    task = asked(sender)
    change_role(member=admin, role=Role.SENDER, actor=owner_of(sender))
    with pytest.raises(NotAllowed):
        approve(task, admin)
    remove_member(member=admin, actor=owner_of(sender))
    with pytest.raises(NotAllowed):
        approve(task, admin)
    assert fresh(task).state == TaskState.WAITING


def test_only_who_asked_withdraws(sender):
    task = asked(sender)
    with pytest.raises(NotAllowed):
        withdraw(task, owner_of(sender))
    assert fresh(task).state == TaskState.WAITING


@pytest.mark.parametrize("loses", ["role", "membership", "limit"])
def test_what_its_asker_may_no_longer_send_is_not_approved(sender, loses):
    owner, task = owner_of(sender), asked(sender)
    if loses == "role":
        change_role(member=sender, role=Role.VIEWER, actor=owner)
    elif loses == "membership":
        remove_member(member=sender, actor=owner)
    else:
        Member.objects.filter(pk=sender.pk).update(most_messages=2)
    with pytest.raises(Conflict):
        approve(task, owner)
    assert fresh(task).state == TaskState.WAITING
    send_back(task, owner)
    assert fresh(task).state == TaskState.READY


def test_where_nobody_else_can_approve_nobody_is_asked(sender):
    owner = owner_of(sender)
    task = ready(owner)
    page = Reader(owner).get(reverse("send_tasks:check", args=[task.pk]))
    assert "nobody else in your organization can give it" in words(page)
    with pytest.raises(Conflict, match="nobody else"):
        approval.press_send(task=task, user=owner.user, messages=3)
    assert fresh(task).state == TaskState.READY


def test_the_last_approver_leaves_and_the_page_says_so(sender):
    task = asked(sender)
    Member.objects.filter(pk=owner_of(sender).pk).update(role=Role.VIEWER.value)
    page = words(Reader(sender).get(reverse("send_tasks:check", args=[task.pk])))
    assert "Nobody at the moment" in page
