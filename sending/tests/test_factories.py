"""The factories themselves: what they make must agree with the counters."""

import pytest

from sending.lifecycle import MessageState, TaskState
from sending.models import Attention
from sending.tests.factories import a_number, counted, make_messages, make_problem, make_task, move

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(TaskState))
def test_a_task_can_be_made_in_every_state(state: TaskState) -> None:
    task = make_task(state=state, numbers=[a_number(1)])
    assert task.state == state


def test_counters_follow_messages_through_every_state() -> None:
    numbers = [a_number(i, c) for c in ("HK", "GB", "SG") for i in range(4)]
    task = make_task(state=TaskState.SENDING, numbers=numbers)
    states = list(MessageState)
    messages = make_messages(task)
    for message, state in zip(messages, states, strict=False):
        move([message], state)
    assert counted(task_id=task.pk) == {
        state.value: 2 if state is MessageState.QUEUED else 1 for state in states
    }
    assert Attention.objects.filter(task_id=task.pk).count() == 6
    assert make_problem(task).task == task
