"""Numbers and texts of messages go in time; what is not over, and every figure, stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sending.lifecycle import OVER_STATES, MessageState, SaidBy, TaskState
from sending.models import DeliveryReceipt, Message, MessageNumber, SendTask
from sending.models.stepping import MessageChange, step
from sending.retention import messages
from sending.tests.factories import (
    PLAIN_BODY,
    a_number,
    counted,
    make_messages,
    make_sender,
    make_task,
    move,
)
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db
CODE = ["739281", "5"]


def sent(days_ago=0.0, *, numbers=2, state=TaskState.SENDING, **fields):
    if "values" in fields:
        fields = {"lane": "OTP"} | fields
    task = make_task(state=state, numbers=[a_number(n) for n in range(numbers)], **fields)
    at = timezone.now() - timedelta(days=days_ago)
    SendTask.objects.filter(pk=task.pk).update(sent_at=at, created_at=at)
    Message.objects.filter(task_id=task.pk).update(created_at=at)
    task.refresh_from_db()
    return task


def kept(task):
    """[(number, variables, whether it is erased)] by row."""
    rows = Message.objects.filter(task_id=task.pk).order_by("row")
    return [(m.msisdn, m.variables, m.erased_at is not None) for m in rows]


@pytest.mark.parametrize("state", sorted(OVER_STATES))
def test_a_one_time_password_is_erased_by_the_step_that_ends_its_message(state):
    task = sent(values=[CODE] * 2)
    first, second = make_messages(task)
    move([first], state)
    assert kept(task) == [
        (first.msisdn, "", True),
        (second.msisdn, '["739281", "5"]', False),
    ]


@pytest.mark.parametrize("state", sorted(set(MessageState) - OVER_STATES - {MessageState.QUEUED}))
def test_a_one_time_password_that_may_still_be_sent_is_kept(state):
    task = sent(values=[CODE] * 2)
    move(make_messages(task)[:1], state)
    assert kept(task)[0][1:] == ('["739281", "5"]', False)


def test_what_is_said_to_everybody_needs_no_erasing():
    version = approved_template(make_sender().organization, PLAIN_BODY, SmsType.OTP).approved
    task = sent(lane="OTP", template_version=version)
    move(make_messages(task), MessageState.DELIVERED)
    assert kept(task) == [(a_number(0), "[]", False), (a_number(1), "[]", False)]


def test_variables_of_other_messages_stay_when_they_are_over():
    task = sent(values=[CODE] * 2, lane="BULK")
    move(make_messages(task), MessageState.DELIVERED)
    assert {variables for _n, variables, _e in kept(task)} == {'["739281", "5"]'}


def test_an_attempt_that_is_not_the_newest_erases_nothing():
    task = sent(values=[CODE] * 2)
    message = make_messages(task)[0]
    move([message], MessageState.SUBMITTED)
    assert not step(MessageState.DELIVERED, [MessageChange(message.pk, "", 7)])
    assert kept(task)[0][1] == '["739281", "5"]'


def test_after_a_day_codes_go_whatever_became_of_their_messages():
    task = sent(0.97, numbers=4, values=[CODE] * 4)
    queued, submitted, doubtful, over = make_messages(task)
    move([submitted], MessageState.SUBMITTED)
    move([doubtful], MessageState.IN_DOUBT)
    move([over], MessageState.DELIVERED)
    younger = sent(0.9, values=[CODE] * 2)
    assert messages.erase_one_time_passwords() == 3
    assert [variables for _n, variables, _e in kept(task)] == [""] * 4
    assert [m.state for m in make_messages(task)] == [
        "EXPIRED",
        "SUBMITTED",
        "IN_DOUBT",
        "DELIVERED",
    ]
    assert counted(task_id=task.pk) == {
        "EXPIRED": 1,
        "SUBMITTED": 1,
        "IN_DOUBT": 1,
        "DELIVERED": 1,
    }
    assert {variables for _n, variables, _e in kept(younger)} == {'["739281", "5"]'}
    assert messages.erase_one_time_passwords() == 0
    assert queued.pk


def test_numbers_and_texts_go_after_their_days_and_figures_stay(settings):
    settings.KEEP_MESSAGES_DAYS = 30
    old, young = sent(31, values=[CODE] * 2, lane="BULK"), sent(29)
    for task in (old, young):
        move(make_messages(task), MessageState.DELIVERED)
    first = make_messages(old)[0]
    DeliveryReceipt.objects.create(
        organization_id=first.organization_id,
        message_id=first.pk,
        gateway_id=first.gateway_id,
        gateway_message_id="id-1",
        message_state="DELIVERED",
        said_by=SaidBy.HANDSET,
        raw=f"id:1 to {first.msisdn}",
        received_at=timezone.now(),
    )
    figures = counted(task_id=old.pk)
    assert messages.erase_due() == 2
    assert kept(old) == [("", "", True)] * 2
    assert [number for number, *_ in kept(young)] == [a_number(0), a_number(1)]
    assert DeliveryReceipt.objects.get().raw == ""
    assert set(MessageNumber.objects.values_list("message_id", flat=True)) == {
        message.pk for message in make_messages(young)
    }
    old.refresh_from_db()
    assert old.erased_at
    assert counted(task_id=old.pk) == figures == {"DELIVERED": 2}
    assert messages.erase_due() == 0


@pytest.mark.parametrize("state", sorted(set(MessageState) - OVER_STATES))
def test_what_is_not_over_is_never_touched(settings, state):
    settings.KEEP_MESSAGES_DAYS = 30
    task = sent(400)
    first, second = make_messages(task)
    move([first], MessageState.DELIVERED)
    if state is not MessageState.QUEUED:
        move([second], state)
    messages.erase_due()
    assert kept(task) == [("", "", True), (second.msisdn, "[]", False)]
    task.refresh_from_db()
    assert task.erased_at is None
    # Once it is over it goes too.
    Message.objects.filter(pk=second.pk).update(state="DELIVERED")
    messages.erase_due()
    task.refresh_from_db()
    assert task.erased_at


@pytest.mark.parametrize("state", sorted(set(MessageState) - OVER_STATES - {MessageState.QUEUED}))
def test_a_message_that_is_not_over_when_its_turn_comes_is_left_alone(state):
    task = sent()
    first, second = make_messages(task)
    move([first], state)
    move([second], MessageState.DELIVERED)
    assert messages.erase_block([first.pk, second.pk]) == 1
    assert kept(task) == [(first.msisdn, "[]", False), ("", "", True)]
    assert MessageNumber.objects.get().message_id == first.pk


def test_an_organization_may_keep_less_but_not_more(settings):
    settings.KEEP_MESSAGES_DAYS = 30
    member = make_sender(keep_messages_days=10)
    longer = make_sender(keep_messages_days=400)
    less = sent(11, member=member)
    more = sent(31, member=longer)
    for task in (less, more):
        move(make_messages(task), MessageState.DELIVERED)
    messages.erase_due()
    assert kept(less) == kept(more) == [("", "", True)] * 2


def test_receipts_are_waited_for_however_short_the_days_are(settings):
    settings.KEEP_MESSAGES_DAYS = 1
    task = sent(2)
    move(make_messages(task), MessageState.DELIVERED)
    assert messages.erase_due() == 0


def test_a_run_is_bounded_and_the_next_one_goes_on(settings, monkeypatch):
    monkeypatch.setattr("sending.intake.row_storage.block_rows", lambda **_how: 4)
    settings.KEEP_MESSAGES_DAYS = 30
    task = sent(40, numbers=5)
    move(make_messages(task), MessageState.DELIVERED)
    assert messages.erase_due(3) == 4
    task.refresh_from_db()
    assert task.erased_at is None
    assert messages.erase_due(3) == 1
    task.refresh_from_db()
    assert task.erased_at


def test_a_late_receipt_still_settles_an_erased_message():
    task = sent(values=[CODE] * 2)
    message = make_messages(task)[0]
    move([message], MessageState.UNKNOWN)
    Message.objects.filter(pk=message.pk).erase()
    assert step(MessageState.DELIVERED, [message.pk], said_by=SaidBy.HANDSET)
    assert kept(task)[0] == ("", "", True)


@pytest.mark.parametrize("stored", ["together", "apart"])
def test_the_numbers_of_erased_messages_go_and_those_beside_them_stay(stored):
    """PostgreSQL finds those that were stored together otherwise than those that were not."""
    first, second = sent(numbers=150), sent(numbers=150)
    if stored == "apart":
        by_turns = zip(make_messages(first), make_messages(second), strict=True)
        for place, pair in enumerate(by_turns):
            move_ids(pair, by=place << 20)
    rows = make_messages(first)
    asked, beside = rows[:140:2] + rows[1:140:2], rows[140:]
    move(rows, MessageState.DELIVERED)
    assert Message.objects.filter(pk__among=[row.pk for row in asked]).erase() == 140
    left = {row.pk for row in [*beside, *make_messages(second)]}
    assert set(MessageNumber.objects.values_list("message_id", flat=True)) == left


def move_ids(messages, by):
    """Let messages have been accepted so much later than they were."""
    for message in messages:
        MessageNumber.objects.filter(message_id=message.pk).update(message_id=message.pk + by)
        Message.objects.filter(pk=message.pk).update(id=message.pk + by)
