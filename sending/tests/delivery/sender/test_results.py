"""Results: written once however often, and only for the attempt they belong to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sending.delivery import pausing
from sending.delivery.attempt import Answer, Attempt, AttemptKey, SegmentAnswer
from sending.delivery.queue.claims import claim
from sending.delivery.sender import results
from sending.delivery.sender.results import Finished, retry_delay
from sending.lifecycle import TaskState
from sending.models import Attention, Batch, Message, SendTask, Submission, TaskEvent
from sending.tests.delivery.fakes import a_sending_task, due_ids
from sending.tests.factories import counted, make_gateway

pytestmark = pytest.mark.django_db
OWNER = "journal-1"


@pytest.fixture
def gateway():
    return make_gateway(rate=1000)


def finished(item, answer=None, said="id-1", **attempt):
    answers = (SegmentAnswer(1, answer, said),) if answer else ()
    return Finished(
        organization_id=item.organization_id,
        task_id=item.task_id,
        lane=item.lane,
        batch_id=item.batch_id,
        attempt=Attempt(item.key, item.segments, item.before, answers, **attempt),
        at=timezone.now(),
    )


def test_every_answer_has_its_state(gateway):
    task = a_sending_task(5)
    items = claim(gateway, OWNER, 500).outgoing
    before = timezone.now()
    results.write(
        gateway,
        [
            finished(items[0], Answer.ACCEPTED, "id-1"),
            finished(items[1], Answer.REFUSED, "ESME_RINVDSTADR"),
            finished(items[2], Answer.REFUSED_TEMPORARILY, "ESME_RTHROTTLED"),
            finished(items[3], unanswered=True, code="RESPONSE_TIMEOUT"),
            finished(items[4]),
        ],
        [Batch.objects.get().pk],
    )
    messages = Message.objects.order_by("row").values_list("state", "code", "said_by")
    assert list(messages) == [
        ("SUBMITTED", "", "GATEWAY"),
        ("REJECTED", "ESME_RINVDSTADR", "GATEWAY"),
        ("QUEUED", "ESME_RTHROTTLED", "GATEWAY"),
        ("IN_DOUBT", "RESPONSE_TIMEOUT", "US"),
        ("QUEUED", "NOT_SENT", "US"),
    ]
    rows = Submission.objects.order_by("message_id").values_list(
        "message_id", "gateway_message_id", "command_status", "attempt"
    )
    assert list(rows) == [
        (items[0].key.message_id, "id-1", "ESME_ROK", 1),
        (items[1].key.message_id, "", "ESME_RINVDSTADR", 1),
        (items[2].key.message_id, "", "ESME_RTHROTTLED", 1),
    ]
    assert counted() == {"SUBMITTED": 1, "REJECTED": 1, "QUEUED": 2, "IN_DOUBT": 1}
    assert set(Attention.objects.values_list("state", flat=True)) == {"REJECTED", "IN_DOUBT"}
    waiting = {tuple(batch.ids): batch.due_at for batch in Batch.objects.all()}
    assert waiting[(items[4].key.message_id,)] <= timezone.now(), "proven unsent: at once"
    patient = waiting[(items[2].key.message_id,)] - before
    assert patient > timedelta(seconds=0.5), "throttled: with patience"
    assert SendTask.objects.get(pk=task.pk).state == TaskState.SENDING


def test_writing_again_changes_nothing(gateway):
    a_sending_task(2)
    claimed = claim(gateway, OWNER, 500)
    items = claimed.outgoing
    rows = [finished(items[0], Answer.ACCEPTED), finished(items[1])]
    for _ in range(2):
        results.write(gateway, rows, list(claimed.open))
    assert Submission.objects.count() == 1
    assert due_ids() == [items[1].key.message_id]
    assert counted() == {"SUBMITTED": 1, "QUEUED": 1}


def test_an_old_result_does_not_touch_a_newer_attempt(gateway):
    """The answer to a commit was lost; meanwhile another sender has claimed the message."""
    a_sending_task(1)
    claimed = claim(gateway, OWNER, 500)
    old = finished(claimed.outgoing[0])
    results.write(gateway, [old], list(claimed.open))
    (newer,) = claim(gateway, "journal-2", 500).outgoing
    assert newer.key == AttemptKey(old.attempt.key.message_id, 2)
    results.write(gateway, [old], list(claimed.open))
    assert Message.objects.get().state == "SUBMITTING"
    assert not due_ids(), "nobody else may claim it now"


def test_what_is_handed_back_of_a_cancelled_task_leaves_the_queue(gateway):
    task = a_sending_task(2)
    claimed = claim(gateway, OWNER, 500)
    assert pausing.cancel(task.pk)
    first, second = claimed.outgoing
    results.write(gateway, [finished(first), finished(second, Answer.ACCEPTED)], claimed.open)
    assert counted() == {"CANCELLED": 1, "SUBMITTED": 1}
    assert not Batch.objects.exists()
    assert SendTask.objects.get().state == TaskState.CANCELLED


def test_the_last_result_finishes_the_task(gateway):
    task = a_sending_task(2)
    claimed = claim(gateway, OWNER, 500)
    first, second = claimed.outgoing
    results.write(gateway, [finished(first, Answer.ACCEPTED)])
    assert SendTask.objects.get().state == TaskState.SENDING
    results.write(gateway, [finished(second, Answer.ACCEPTED, "id-2")], claimed.open)
    task.refresh_from_db()
    assert task.state == TaskState.FINISHED
    assert task.finished_at
    assert TaskEvent.objects.get(task=task).code == "finished"


def test_ids_are_stored_in_the_form_that_receipts_use(gateway):
    gateway.id_format = "hex_to_decimal"
    a_sending_task(1)
    (item,) = claim(gateway, OWNER, 500).outgoing
    results.write(gateway, [finished(item, Answer.ACCEPTED, "00FF")])
    assert Submission.objects.get().gateway_message_id == "255"


@pytest.mark.parametrize(
    ("code", "attempt", "least", "most"),
    [
        ("ESME_RTHROTTLED", 1, 0.7, 1.3),
        ("ESME_RTHROTTLED", 50, 20, 40),
        ("ESME_RSYSERR", 1, 3, 7),
        ("ESME_RSYSERR", 3, 14, 26),
        ("ESME_RSYSERR", 50, 400, 800),
    ],
)
def test_patience_grows_but_not_for_ever(code, attempt, least, most):
    assert timedelta(seconds=least) < retry_delay(code, attempt) < timedelta(seconds=most)
