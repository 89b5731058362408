"""What was taken of limits is what the counters say, whatever happens in whatever order."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import make_application
from sending.acceptance.messages import accept_messages
from sending.acceptance.not_accepted import NotAccepted
from sending.acceptance.send_task import accept
from sending.delivery.counters import archiving, compaction
from sending.lifecycle import MESSAGE_STEPS, MessageState, TaskState
from sending.models import Counter, DailyUse, Message
from sending.models.stepping import step
from sending.tests.acceptance.program import AT, Program, codes, recounted, uses
from sending.tests.factories import a_number, make_messages, make_task

pytestmark = pytest.mark.django_db
_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 1), st.integers(1, 4), st.integers(0, 30)),
        st.tuples(st.just("task"), st.integers(1, 3), st.integers(0, 30)),
        st.tuples(st.just("step"), st.sampled_from(sorted(MESSAGE_STEPS)), st.integers(0, 7)),
        st.tuples(st.just("compact")),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[*HealthCheck])
@given(_ACTS)
def test_uses_are_recounted_after_any_acts(acts):
    with transaction.atomic():
        _do(acts)
        assert uses() == recounted()
        limit = 12
        totals = DailyUse.objects.filter(application_id=0, country="")
        assert all(row.segments <= limit for row in totals)
        transaction.set_rollback(True)


def _do(acts) -> None:
    program = Program(daily_segment_limit=12)
    other = make_application(program.organization, name="Other")
    door = program.door
    doors = [door, type(door)(door.organization_id, other.pk, door.api_key_id, door.request_id)]
    for kind, *more in acts:
        if kind == "send":
            which, count, hours = more
            wanted = [program.wants(a_number(at, ("HK", "GB")[at % 2])) for at in range(count)]
            accept_messages(doors[which], wanted, at=AT + timedelta(hours=hours))
        elif kind == "task":
            _send_task(program, *more)
        elif kind == "step":
            to, nth = more
            ids = list(Message.objects.order_by("pk").values_list("pk", flat=True))
            step(MessageState(to), ids[nth::3])
        else:
            compaction.compact()


def _send_task(program: Program, count: int, hours: int) -> None:
    numbers = [a_number(at) for at in range(count)]
    task = make_task(program.member, TaskState.READY, numbers=numbers, gateway=program.gateway)
    try:
        with transaction.atomic():
            accept(task, AT + timedelta(hours=hours))
    except NotAccepted:
        # Messages of a task that nobody has sent are not counted, and cannot step.
        Message.objects.filter(task_id=task.pk).delete()


@pytest.mark.parametrize("to", [MessageState.CANCELLED, MessageState.BLOCKED])
def test_what_never_leaves_is_taken_back_from_the_day_it_was_accepted_in(to):
    program = Program(daily_segment_limit=2)
    first, _second = program.send(program.wants(), program.wants(a_number(1)))
    assert codes(program.send(program.wants(a_number(2)))) == ["DAILY_LIMIT"]
    step(to, [first.message_id], at=AT + timedelta(days=1))
    assert uses() == recounted()
    assert codes(program.send(program.wants(a_number(2)))) == ["ACCEPTED"]


def test_what_was_tried_counts_whatever_became_of_it():
    program = Program(daily_segment_limit=1)
    (answer,) = program.send(program.wants())
    for state in (MessageState.SUBMITTING, MessageState.REJECTED):
        step(state, [answer.message_id])
    assert codes(program.send(program.wants(a_number(1)))) == ["DAILY_LIMIT"]


def test_the_migration_counts_what_was_accepted_before():
    program = Program()
    program.send(*[program.wants(a_number(at, place)) for at in (0, 1) for place in ("HK", "GB")])
    task = make_task(program.member, TaskState.SENDING, numbers=[a_number(7), a_number(8)])
    step(MessageState.CANCELLED, [make_messages(task)[0].pk])
    Counter.objects.filter(task_id=task.pk).update(hour=2020010100)
    archiving.archive()
    expected = recounted()
    DailyUse.objects.all().delete()
    import_module("sending.migrations.0022_use_of_days").fill(apps, None)
    assert uses() == expected
    assert {key[1] for key in expected} == {20200101, 20261123}


def test_programs_may_add_a_thousand_rows_to_an_hour_between_two_compactions():
    program = Program()
    program.send(program.wants())
    row = Counter.objects.get()
    row.pk = None
    Counter.objects.bulk_create(
        [
            Counter(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
            for _ in range(2_500)
        ]
    )
    compaction.compact()
    (only,) = Counter.objects.all()
    assert only.messages == 2_501


def test_ids_tell_when_a_message_was_made():
    from sending.models.message import first_id_at, take_ids

    before = datetime.now(UTC)
    (pk,) = take_ids(1)
    assert first_id_at(before - timedelta(milliseconds=2)) < pk
    assert pk < first_id_at(datetime.now(UTC) + timedelta(seconds=2))
