"""What changes while a task waits for approval, or for its time; and two who act at once."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.actions import change_role
from accounts.errors import Conflict, Refusal
from accounts.models import Member, Organization
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.acceptance import schedules
from sending.lifecycle import TaskState
from sending.models import Counter, SendApproval, SendTask, TaskEvent
from sending.send_tasks import actions, approval, schedule_actions
from sending.tests.factories import counted, make_prices, make_sender
from sending.tests.send_tasks.asking import (
    approve,
    asked,
    cancel,
    fresh,
    owner_of,
    ready,
    request_of,
    send_back,
    want_approval,
    withdraw,
)
from sending.tests.send_tasks.reader import Reader, words
from templates_app.models import TextTemplateVersion
from templates_app.review import ReviewState

pytestmark = pytest.mark.usefixtures("bell")


# --- What changes meanwhile -----------------------------------------------------------------------


def template_withdrawn(task: SendTask) -> None:
    assert TextTemplateVersion.objects.all().step(ReviewState.WITHDRAWN)


def prices_changed(task: SendTask) -> None:
    make_prices()


def limit_reached(task: SendTask) -> None:
    Organization.objects.filter(pk=task.organization_id).update(daily_segment_limit=2)


def a_recipient_less(task: SendTask) -> None:
    SendTask.objects.filter(pk=task.pk).update(accepted=2)


def dearer(task: SendTask) -> None:
    SendTask.objects.filter(pk=task.pk).update(cost_micro=task.cost_micro + 1)


def longer(task: SendTask) -> None:
    SendTask.objects.filter(pk=task.pk).update(segments=task.segments + 1)


@pytest.mark.parametrize(
    "change",
    [template_withdrawn, prices_changed, limit_reached, a_recipient_less, dearer, longer],
)
def test_what_is_no_longer_so_is_not_sent_by_approval(sender, change):
    task = asked(sender)
    change(task)
    reader = Reader(owner_of(sender))
    answer = reader.post(
        reverse("send_tasks:approve", args=[task.pk]), approval=request_of(task).pk
    )
    assert answer["Location"] == reverse("send_tasks:check", args=[task.pk])
    assert fresh(task).state == TaskState.WAITING
    assert request_of(task).is_open
    assert not Counter.objects.exists()
    assert not TaskEvent.objects.filter(code="approved").exists()


def test_what_waits_still_waits_after_the_setting_has_changed(sender):
    task = asked(sender)
    want_approval(sender.organization, None)
    Reader(sender).post(reverse("send_tasks:send", args=[task.pk]), messages=3)
    assert fresh(task).state == TaskState.WAITING
    # Its sender can withdraw the request and send it.
    withdraw(task, sender)
    Reader(sender).post(reverse("send_tasks:send", args=[task.pk]), messages=3)
    assert fresh(task).state == TaskState.SENDING


def test_a_page_from_before_the_setting_asks(sender):
    want_approval(sender.organization, None)
    task = ready(sender)
    want_approval(sender.organization, 0)
    # Whatever else calls the action is refused.
    with pytest.raises(Conflict, match="has to approve this task"):
        actions.send_task(task=task, user=sender.user, messages=3)
    assert fresh(task).state == TaskState.READY
    Reader(sender).post(reverse("send_tasks:send", args=[task.pk]), messages=3)
    assert fresh(task).state == TaskState.WAITING


def test_nothing_else_moves_a_task_that_waits(sender):
    task = asked(sender)
    for name in ("read_again", "pause", "resume", "retry"):
        Reader(sender).post(reverse(f"send_tasks:{name}", args=[task.pk]), messages=3)
    with pytest.raises(Conflict):
        actions.send_task(task=task, user=sender.user, messages=3)
    assert fresh(task).state == TaskState.WAITING


# --- At a time ------------------------------------------------------------------------------------


def asked_for(member: Member, at: datetime) -> SendTask:
    task = ready(member)
    assert approval.press_send(task=task, user=member.user, messages=3, at=at)
    return fresh(task)


def test_what_was_wished_for_a_time_is_kept_until_then(sender):
    at = timezone.now() + timedelta(hours=3)
    task = asked_for(sender, at)
    assert (task.state, task.scheduled_at) == (TaskState.WAITING, None)
    approve(task, owner_of(sender))
    task = fresh(task)
    assert (task.state, task.scheduled_at, task.scheduled_by) == (
        TaskState.SCHEDULED,
        at,
        sender.user,
    )
    assert not counted(task_id=task.pk)
    schedules.send_due(at + timedelta(seconds=2))
    task = fresh(task)
    assert (task.state, task.sent_by) == (TaskState.SENDING, sender.user)
    assert counted(task_id=task.pk) == {"QUEUED": 3}


def test_a_time_that_passed_while_it_waited_is_not_made_up_for(sender):
    task = asked_for(sender, timezone.now() + timedelta(hours=3))
    SendApproval.objects.update(scheduled_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Conflict, match="after the time chosen, which is too late"):
        approve(task, owner_of(sender))
    assert fresh(task).state == TaskState.WAITING


@pytest.mark.parametrize("change", ["setting", "figures", "right", None])
def test_what_is_due_is_asked_once_more(sender, change):
    at = timezone.now() + timedelta(hours=3)
    if change == "setting":
        want_approval(sender.organization, None)
        task = ready(sender)
        actions.send_task(task=task, user=sender.user, messages=3, at=at)
        want_approval(sender.organization, 0)
    else:
        task = asked_for(sender, at)
        approve(task, owner_of(sender))
    if change == "figures":
        longer(fresh(task))
    if change == "right":
        change_role(member=sender, role=Role.VIEWER, actor=owner_of(sender))
    schedules.send_due(at + timedelta(seconds=2))
    task = fresh(task)
    codes = {
        "setting": "APPROVAL_NEEDED",
        "figures": "APPROVAL_NEEDED",
        "right": "NO_RIGHT_TO_SEND",
    }
    assert task.not_sent.get("code") == codes.get(change)
    assert task.state == (TaskState.READY if change else TaskState.SENDING)
    assert bool(counted(task_id=task.pk)) is (change is None)


def test_taken_back_from_its_schedule_it_is_asked_for_anew(sender):
    task = asked_for(sender, timezone.now() + timedelta(hours=3))
    approve(task, owner_of(sender))
    schedule_actions.take_back(task=fresh(task), user=sender.user)
    with pytest.raises(Conflict, match="has to approve this task"):
        actions.send_task(task=fresh(task), user=sender.user, messages=3)
    asked(sender, fresh(task))
    assert SendApproval.objects.filter(task=task).count() == 2


def test_what_was_approved_for_later_can_be_sent_now(sender):
    task = asked_for(sender, timezone.now() + timedelta(hours=3))
    approve(task, owner_of(sender))
    schedule_actions.send_now(task=fresh(task), user=sender.user)
    assert fresh(task).state == TaskState.SENDING


@pytest.mark.parametrize(("above", "passes"), [(0, False), (2, False), (3, True), (None, True)])
def test_nobody_gets_around_it_in_parts(sender, above, passes):
    want_approval(sender.organization, above)
    task = ready(sender)
    wanted = {"task": task, "user": sender.user, "first": 1, "terms": None}
    if not passes:
        with pytest.raises(Conflict, match="has to approve this task"):
            schedule_actions.send_first(**wanted)
        assert SendTask.objects.filter(state=TaskState.SENDING).count() == 0
        return
    schedule_actions.send_first(**wanted)
    # The rest counts as the whole does.
    if above is not None:
        want_approval(sender.organization, 2)
        with pytest.raises(Conflict, match="has to approve this task"):
            actions.send_task(task=fresh(task), user=sender.user, messages=2)


# --- Limits of one member -------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "state"), [(2, "READY"), (3, "SENDING"), (None, "SENDING")])
def test_a_member_sends_as_many_as_was_agreed(sender, most, state):
    want_approval(sender.organization, None)
    Member.objects.filter(pk=sender.pk).update(most_messages=most)
    task = ready(sender)
    reader = Reader(sender)
    answer = reader.post(reverse("send_tasks:send", args=[task.pk]), messages=3)
    assert fresh(task).state == state
    refused = "the limit is 2" in words(reader.get(answer["Location"]))
    assert refused is (state == "READY")


def test_who_may_not_send_as_many_may_not_ask_either(sender):
    Member.objects.filter(pk=sender.pk).update(most_messages=2)
    with pytest.raises(Conflict, match="the limit is 2"):
        asked(sender)


# --- At the same moment ---------------------------------------------------------------------------


def race(*acts: Callable[[], None]) -> list[bool]:
    """Do all at the same moment; return who was heard."""
    together = threading.Barrier(len(acts))

    def one(act: Callable[[], None]) -> bool:
        together.wait(timeout=120)
        try:
            act()
        except Refusal:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["approve", "send_back", "withdraw", "cancel", "another task"])
def test_of_two_at_the_same_moment_one_is_heard(second):
    sender = make_sender()
    want_approval(sender.organization, 0)
    owner = make_member(Role.OWNER, sender.organization)
    other = make_member(Role.APPROVER, sender.organization)
    task = asked(sender)
    acts: list[Callable[[], None]] = [lambda: approve(task, owner)]
    if second == "another task":
        limit = task.segments
        Organization.objects.filter(pk=task.organization_id).update(daily_segment_limit=limit)
        rival = asked(sender)
        acts.append(lambda: approve(rival, other))
    elif second in {"approve", "send_back"}:
        acts.append(lambda: {"approve": approve, "send_back": send_back}[second](task, other))
    else:
        acts.append(lambda: {"withdraw": withdraw, "cancel": cancel}[second](task, sender))
    heard = race(*acts)
    sent = SendTask.objects.filter(state=TaskState.SENDING)
    if second == "cancel":
        # A task that was just approved can still be cancelled.
        assert heard[1]
        assert fresh(task).state == TaskState.CANCELLED
        assert request_of(task).outcome == ("APPROVED" if heard[0] else "CANCELLED")
        return
    assert sorted(heard) == [False, True]
    assert sent.count() == (second in {"approve", "another task"} or heard[0])
    assert counted().get("QUEUED", 0) == 3 * sent.count()


def test_who_may_not_send_so_many_gives_them_no_time_either(sender):
    want_approval(sender.organization, None)
    task = ready(sender)
    soon = timezone.now() + timedelta(hours=1)
    assert actions.send_task(task=task, user=sender.user, messages=3, at=soon)
    other = make_member(Role.SENDER, sender.organization)
    Member.objects.filter(pk=other.pk).update(most_messages=2)
    with pytest.raises(Conflict, match="2"):
        schedule_actions.change_time(task=task, user=other.user, at=soon + timedelta(hours=1))
    assert (fresh(task).scheduled_at, fresh(task).scheduled_by) == (soon, sender.user)
