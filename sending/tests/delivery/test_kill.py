"""The promise of the product: kill -9 loses no message and sends none twice."""

from collections import Counter as Tally
from contextlib import ExitStack
from functools import partial

import pytest
from django.db import transaction

from sending.acceptance.send_task import accept
from sending.lifecycle import MessageState, TaskState
from sending.models import Batch, Message, SendTask, TaskEvent
from sending.models.stepping import step_task
from sending.tests.factories import a_number, counted, make_gateway, make_sender, make_task
from sending.tests.processes import SendWorker, SimulatorProcess, ended, make_var
from sending.tests.waiting import wait_until

MESSAGES = 1600
RATE = 200
WINDOW = 20
# The last leaves seconds of work, so that a slow machine still kills in mid-task.
KILL_AT = (150, 400, 650)


def states() -> Tally[str]:
    return Tally(Message.objects.values_list("state", flat=True))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_loses_nothing_and_sends_nothing_twice_when_killed_three_times(tmp_path):
    var = make_var(tmp_path)
    simulator = SimulatorProcess(
        tmp_path, "--no-magic", "--latency-ms", "40", "--receipt-delay", "0.3"
    )
    with ExitStack() as stack:
        stack.enter_context(ended(simulator))
        wait_until(lambda: simulator.says(r"listening on .*:(\d+)"))
        port = int(simulator.says(r"listening on .*:(\d+)")[1])
        gateway = make_gateway(port=port, rate=RATE, window=WINDOW)
        numbers = [a_number(index) for index in range(MESSAGES)]
        task = make_task(
            make_sender(daily_segment_limit=10_000),
            TaskState.READY,
            numbers=numbers,
            gateway=gateway,
        )
        with transaction.atomic():
            assert step_task(TaskState.SENDING, task.pk, sent_at=task.checked_at)
            accept(task)

        for number, accepted in enumerate(KILL_AT):
            worker = SendWorker(var, number)
            stack.enter_context(ended(worker))
            wait_until(partial(worker.says, "is bound"))
            wait_until(lambda at=accepted: simulator.accepted_count() >= at)
            worker.kill()
        before_last = simulator.accepted_count()
        assert before_last < MESSAGES, "every kill came in mid-task"

        worker = SendWorker(var, len(KILL_AT))
        stack.enter_context(ended(worker))
        wait_until(lambda: SendTask.objects.get(pk=task.pk).state == TaskState.FINISHED)
        wait_until(lambda: not states().keys() - {MessageState.DELIVERED, MessageState.IN_DOUBT})
        assert worker.stop() == 0

    doubted = sum(
        event.params["count"] for event in TaskEvent.objects.filter(task=task, code="in_doubt")
    )
    assert doubted <= WINDOW * len(KILL_AT)
    sent = Tally("+" + line.destination_addr for line in simulator.accepted())
    assert not [number for number, times in sent.items() if times > 1], "sent twice"
    assert not sent.keys() - set(numbers), "not ours"
    in_doubt = Message.objects.filter(state=MessageState.IN_DOUBT)
    lost = set(numbers) - sent.keys() - set(in_doubt.values_list("msisdn", flat=True))
    assert not lost
    assert in_doubt.count() <= WINDOW * len(KILL_AT)
    assert not Batch.objects.exists()
    assert not list((var / "journal").glob("*.journal")), "the database covers every journal"
    assert counted(organization_id=task.organization_id) == states()
