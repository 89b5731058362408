"""A number that is to be erased, messages to it, and its erasure."""

from sending.lifecycle import MessageState, TaskState
from sending.models import Message
from sending.retention import number_erasure
from sending.tests.factories import a_number, make_messages, make_task, move
from sending.tests.operations.rows import submit

NUMBER = "+447400987123"
OTHER = a_number(1)


def erase(organization=None):
    """Request and run; the erasure as it is then."""
    erasure = number_erasure.request(msisdn=NUMBER, organization=organization, actor=None)
    number_erasure.run(erasure.pk)
    erasure.refresh_from_db()
    return erasure


def numbers_of(task):
    return list(
        Message.objects.filter(task_id=task.pk).order_by("row").values_list("msisdn", flat=True)
    )


def over(member, state=MessageState.DELIVERED, *, answered=True, **fields):
    task = make_task(member, TaskState.SENDING, numbers=[NUMBER, OTHER], **fields)
    move(make_messages(task), state)
    if answered:
        for message in make_messages(task):
            submit(message)
    return task
