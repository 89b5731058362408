"""A corrected file: nobody is forgotten, nobody gets the text twice, whatever is pressed when."""

from typing import Any

import pytest

from accounts.errors import Conflict
from accounts.models import Member, Organization
from accounts.roles import Role
from accounts.tests.factories import make_member
from sending.intake.child import known_numbers
from sending.intake.child.known_numbers import KnownNumbers
from sending.intake.task_check import check_task
from sending.lifecycle import MessageState, TaskState
from sending.models import ApprovalOutcome, Message, Problem, RecipientSource, SendTask
from sending.send_tasks.actions import compose_task, read_again, send_task
from sending.send_tasks.approval import press_send
from sending.send_tasks.queries.tasks import segments_left_today
from sending.send_tasks.schedule_actions import send_first
from sending.tests.factories import (
    PLAIN_BODY,
    a_number,
    counted,
    make_gateway,
    make_prices,
    make_sender,
    make_upload,
    move,
)
from sending.tests.send_tasks.asking import request_of, want_approval
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
FIRST = b"mobile\n85251230001\n85251230002\n12\n"
ALL = b"mobile\n85251230001\n85251230002\n85251230003\n"
WRONG = b"mobile\n85251230003\n"


@pytest.fixture
def sender() -> Member:
    make_gateway()
    make_prices()
    return make_sender()


def composed(sender: Member, content: bytes, **options: Any) -> SendTask:
    template = sender.organization.text_templates.first() or approved_template(
        sender.organization, PLAIN_BODY, SmsType.NOTIFICATION
    )
    return compose_task(
        organization=sender.organization,
        user=sender.user,
        name="Monday",
        text_template=template,
        signature=None,
        source=RecipientSource.UPLOAD,
        upload=make_upload(sender, content),
        **options,
    )


def checked(sender: Member, content: bytes, **options: Any) -> SendTask:
    task = composed(sender, content, **options)
    check_task(task.pk)
    task.refresh_from_db()
    return task


def sent(task: SendTask, sender: Member) -> None:
    task.refresh_from_db()
    assert send_task(task=task, user=sender.user, messages=task.accepted)


def numbers_of(*tasks: SendTask) -> list[str]:
    rows = Message.objects.filter(task_id__in=[task.pk for task in tasks])
    return sorted(rows.values_list("msisdn", flat=True))


ONCE = [a_number(n) for n in (1, 2, 3)]


@pytest.mark.parametrize("content", [ALL, WRONG])
@pytest.mark.parametrize("first_is_sent", ["before", "after"])
def test_beside_the_first_the_second_leaves_its_numbers_out(
    sender: Member, content: bytes, first_is_sent: str
):
    first = checked(sender, FIRST)
    if first_is_sent == "before":
        sent(first, sender)
    second = checked(sender, content, corrects=first)
    if first_is_sent == "after":
        sent(first, sender)
    sent(second, sender)
    assert numbers_of(first, second) == ONCE
    assert second.accepted == 1
    assert second.refused == 0
    if content is ALL:
        assert second.duplicates == 2
        codes = set(Problem.objects.filter(task=second).values_list("kind", "code"))
        assert codes == {("DUPLICATE", "IN_FIRST_TASK")}


def test_the_first_is_replaced_when_the_second_is_checked_and_not_before(sender: Member):
    first = checked(sender, FIRST)
    second = composed(sender, ALL, corrects=first, replaces=True)
    first.refresh_from_db()
    assert first.state == TaskState.READY
    assert numbers_of(first) == ONCE[:2]
    check_task(second.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (TaskState.CANCELLED, TaskState.READY)
    assert numbers_of(first, second) == ONCE
    assert first.events.filter(code="replaced", params={"task": str(second.pk)}).exists()


@pytest.mark.parametrize("replaces", [False, True])
def test_a_first_part_its_rest_and_a_correction_share_the_limit_of_the_day(
    sender: Member, replaces: bool
):
    Organization.objects.update(daily_segment_limit=2)
    rows = "".join(f"{a_number(n)[1:]}\n" for n in range(1, 6))
    first = checked(sender, f"mobile\n{rows}12\n".encode())
    assert (first.accepted, first.refused) == (5, 1)
    part = send_first(task=first, user=sender.user, first=2, terms=None)
    everybody = f"mobile\n{rows}{a_number(6)[1:]}\n".encode()
    second = checked(sender, everybody, corrects=first, replaces=replaces)
    first.refresh_from_db()
    waiting = [second] if replaces else [first, second]
    assert first.state == (TaskState.CANCELLED if replaces else TaskState.READY)
    assert [task.accepted for task in waiting] == ([4] if replaces else [3, 1])
    # The day has no room for any of them, whatever is pressed first.
    for task in [*waiting, *reversed(waiting)]:
        with pytest.raises(Conflict, match="0 of the 2"):
            send_task(task=task, user=sender.user, messages=task.accepted)
    Organization.objects.update(daily_segment_limit=5)
    for pk in [task.pk for task in waiting]:
        task = SendTask.objects.get(pk=pk)
        room = min(task.accepted, segments_left_today(task.organization))
        if room == task.accepted:
            sent(task, sender)
        elif room:
            waiting.append(send_first(task=task, user=sender.user, first=room, terms=None))
    assert counted() == {"QUEUED": 5}
    assert numbers_of(first, part, second, *waiting) == [a_number(n) for n in range(1, 7)]


def test_a_corrected_file_that_cannot_be_read_replaces_nothing(sender: Member):
    first = checked(sender, FIRST)
    second = checked(sender, b"nothing\nof use\n", corrects=first, replaces=True)
    first.refresh_from_db()
    assert (first.state, second.state) == (TaskState.READY, TaskState.REJECTED)


def test_a_first_that_was_sent_before_the_check_is_not_sent_twice(sender: Member):
    first = checked(sender, FIRST)
    second = composed(sender, ALL, corrects=first, replaces=True)
    sent(first, sender)
    check_task(second.pk)
    second.refresh_from_db()
    sent(second, sender)
    assert numbers_of(first, second) == ONCE


def test_a_first_that_was_sent_during_the_check_is_not_sent_twice(sender: Member, monkeypatch):
    first = checked(sender, FIRST)
    second = composed(sender, ALL, corrects=first, replaces=True)
    from sending.intake import task_check

    real = task_check.discard_replaced

    def pressed_just_before(task: SendTask) -> Any:
        monkeypatch.setattr(task_check, "discard_replaced", real)
        sent(first, sender)
        return real(task)

    monkeypatch.setattr(task_check, "discard_replaced", pressed_just_before)
    assert not check_task(second.pk)
    second.refresh_from_db()
    assert (second.state, second.replaces) == (TaskState.CHECKING, False)
    assert check_task(second.pk)
    sent(second, sender)
    assert numbers_of(first, second) == ONCE


def send_one(first: SendTask, sender: Member) -> None:
    """Send the first message of a task, and leave the rest."""
    first.refresh_from_db()
    send_first(task=first, user=sender.user, first=1, terms=None)


def send_all_that_waits(sender: Member) -> None:
    for task in SendTask.objects.filter(state=TaskState.READY.value, accepted__gt=0):
        sent(task, sender)


@pytest.mark.parametrize("replaces", [True, False])
@pytest.mark.parametrize("pressed", ["before", "after"])
def test_a_part_of_the_first_that_was_sent_is_not_sent_twice(
    sender: Member, replaces: bool, pressed: str
):
    first = checked(sender, FIRST)
    if pressed == "before":
        send_one(first, sender)
    second = composed(sender, ALL, corrects=first, replaces=replaces)
    if pressed == "after":
        send_one(first, sender)
    assert check_task(second.pk)
    first.refresh_from_db()
    assert first.state == (TaskState.CANCELLED if replaces else TaskState.READY)
    # Corrected once more, nobody of before is forgotten.
    checked(sender, ALL, corrects=second, replaces=replaces)
    send_all_that_waits(sender)
    assert numbers_of(*SendTask.objects.all()) == ONCE


@pytest.mark.parametrize("replaces", [True, False])
def test_a_part_that_is_sent_during_the_check_is_not_sent_twice(
    sender: Member, monkeypatch, replaces: bool
):
    from sending.intake import task_check

    first = checked(sender, FIRST)
    second = composed(sender, ALL, corrects=first, replaces=replaces)
    real = task_check.discard_replaced

    def pressed_just_before(task: SendTask) -> Any:
        monkeypatch.setattr(task_check, "discard_replaced", real)
        send_one(first, sender)
        return real(task)

    monkeypatch.setattr(task_check, "discard_replaced", pressed_just_before)
    assert not check_task(second.pk)
    assert check_task(second.pk)
    first.refresh_from_db()
    assert first.state == (TaskState.CANCELLED if replaces else TaskState.READY)
    send_all_that_waits(sender)
    assert numbers_of(*SendTask.objects.all()) == ONCE


def test_who_was_asked_about_a_replaced_task_is_asked_no_more(sender: Member):
    make_member(Role.OWNER, sender.organization)
    first = checked(sender, FIRST)
    want_approval(sender.organization, 0)
    assert press_send(task=first, user=sender.user, messages=2)
    checked(sender, ALL, corrects=first, replaces=True)
    first.refresh_from_db()
    assert first.state == TaskState.CANCELLED
    assert request_of(first).outcome == ApprovalOutcome.CANCELLED


def test_what_the_first_has_cancelled_the_second_may_have(sender: Member):
    first = checked(sender, FIRST)
    sent(first, sender)
    move(list(Message.objects.filter(msisdn=ONCE[0])), MessageState.CANCELLED)
    second = checked(sender, ALL, corrects=first)
    assert numbers_of(second) == [ONCE[0], ONCE[2]]


def test_the_first_is_not_read_again_behind_its_back(sender: Member):
    from accounts.errors import Conflict

    first = checked(sender, FIRST)
    checked(sender, WRONG, corrects=first)
    with pytest.raises(Conflict, match="corrected in another task"):
        read_again(task=first, user=sender.user)


def test_numbers_of_a_file(tmp_path):
    path = tmp_path / "known"
    assert known_numbers.write(path, ["+85251230002", "+12015550123", "+85251230001"]) == 3
    known = KnownNumbers(str(path))
    assert 85251230001 in known
    assert 12015550123 in known
    assert 85251230003 not in known
    assert 999999999999999 not in known
    assert not KnownNumbers("")
