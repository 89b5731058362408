"""Numbers and texts of messages, erased when their time has come.

Only of messages that are over: nothing that may still be sent, or still hears from a network, is
touched. Their states, costs and all figures stay.
"""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet, Sum

from accounts import shared_time
from accounts.models import Notice, Organization
from sending.delivery.database import durably
from sending.delivery.queue import without_task
from sending.error_codes.reasons import Reason
from sending.intake import row_storage
from sending.lifecycle import OVER_STATES, Lane, MessageState
from sending.models import ApiMessage, Counter, DeliveryReceipt, Message, SendTask, SmppPart
from sending.models.message import first_id_at
from sending.models.stepping import MessageChange, step
from sending.retention import periods, said

_NOT_OVER = [state.value for state in MessageState if state not in OVER_STATES]
# Messages of one run; the next one goes on.
MOST_A_RUN = 200_000


def erase_block(ids: list[int]) -> int:
    """Erase number and text of those messages that are over, in one short transaction."""
    with transaction.atomic():
        erased = Message.objects.filter(pk__among=ids).erase()
        receipts = DeliveryReceipt.objects.filter(message_id__among=ids).exclude(raw="")
        receipts.update(raw="")
        of_programs = ApiMessage.objects.filter(message_id__among=ids).exclude(
            session_context="", status_callback=""
        )
        # Of those that were erased, now or by a pass before.
        gone = Message.objects.filter(pk__among=ids, msisdn="").values("pk")
        of_programs.filter(message_id__in=gone).update(session_context="", status_callback="")
        SmppPart.objects.filter(message_id__in=gone).erase()
    return erased


def erase_due(most: int = MOST_A_RUN) -> int:
    """Erase messages that are older than their organization keeps them; return how many.

    About so many at most: a task that is begun is brought to its end by the next run.
    """
    erased = 0
    for task in _due_tasks():
        erased += _erase_task(task, most - erased)
        if erased >= most:
            return erased
    for organization in Organization.objects.order_by("pk"):
        erase_notices(organization)
        said.erase_of_reviews(organization)
        erased += _erase_of_programs(organization, most - erased)
        if erased >= most:
            break
    return erased


def erase_notices(organization: Organization) -> int:
    """Erase whom an organization's old notices went to, and what they said; return how many.

    Index notice_readable.
    """
    own = Notice.objects.for_organization(organization).filter(erased_at=None, due_at=None)
    due = own.filter(created_at__lt=periods.messages_before(organization)).order_by("created_at")
    size, erased = row_storage.block_rows(scattered=True), 0
    while ids := list(due.values_list("pk", flat=True)[:size]):
        erased += Notice.objects.for_organization(organization).filter(pk__in=ids).erase()
        row_storage.pause()
    return erased


def _erase_of_programs(organization: Organization, most: int) -> int:
    """Erase what is over of messages without a task; index message_of_program_readable."""
    before = first_id_at(periods.messages_before(organization))
    readable = Message.objects.for_organization(organization).filter(
        task_id=None, msisdn__gt="", pk__lt=before
    )
    size, last, erased = row_storage.block_rows(scattered=True) // 2, 0, 0
    rows = readable.order_by("pk").values_list("pk", flat=True)
    while erased < most and (ids := list(rows.filter(pk__gt=last)[:size])):
        last = ids[-1]
        erased += erase_block(ids)
        row_storage.pause()
    return erased


def _due_tasks() -> Iterator[SendTask]:
    tasks = SendTask.objects.filter(erased_at=None, sent_at__isnull=False)
    for task in tasks.select_related("organization").order_by("pk").iterator(chunk_size=500):
        if task.sent_at and task.sent_at < periods.messages_before(task.organization):
            yield task


def _erase_task(task: SendTask, most: int) -> int:
    """Erase what is over of a task; when nothing is left of it, say so in the task."""
    over = [state.value for state in OVER_STATES]
    readable = Message.objects.filter(task_id=task.pk, msisdn__gt="")
    erased = 0
    for ids in _blocks(readable.filter(state__in=over)):
        erased += erase_block(ids)
        row_storage.pause()
        if erased >= most:
            return erased
    if not readable.exists():
        said.erase_of_task(task.pk)
        SendTask.objects.filter(pk=task.pk).update(erased_at=shared_time.now())
    return erased


def _blocks(messages: QuerySet[Message]) -> Iterator[list[int]]:
    """Yield ids in the order of rows, so that what was looked at is not looked at again."""
    # Each changes a page of two tables.
    size, last = row_storage.block_rows(scattered=True) // 2, -1
    rows = messages.order_by("row").values_list("row", "pk")
    while block := list(rows.filter(row__gt=last)[:size]):
        last = block[-1][0]
        yield [pk for _row, pk in block]


def erase_one_time_passwords() -> int:
    """Erase one-time passwords of messages that are not over after a day; return how many.

    What still waits to be sent is of no use any more and expires. The counters say which tasks
    have any, so that no table of messages is searched for states.
    """
    erased = 0
    for task_id in _unfinished_codes():
        messages = Message.objects.filter(task_id=task_id, state__in=_NOT_OVER)
        for ids in _blocks(messages.exclude(variables__in=["", "[]"])):
            _expire_queued(ids)
            erased += len(ids)
            row_storage.pause()
    not_over = [state for state in MessageState if state not in OVER_STATES]
    before = periods.one_time_passwords_before()
    for ids in without_task.older_than(before, not_over, lane=Lane.OTP.value):
        codes = Message.objects.filter(pk__among=ids).exclude(variables__in=["", "[]"])
        if kept := list(codes.values_list("pk", flat=True)):
            _expire_queued(kept)
            erased += len(kept)
            row_storage.pause()
    return erased


def _expire_queued(ids: list[int]) -> None:
    """Step those that are queued to EXPIRED, and erase the variables of all."""
    with durably():
        # Locked, because a gateway that took one meanwhile may yet say what became of it.
        rows = Message.objects.filter(pk__among=ids).select_for_update()
        queued = list(rows.filter(state=MessageState.QUEUED.value).values_list("pk", flat=True))
        step(MessageState.EXPIRED, [MessageChange(pk, Reason.VALIDITY_OVER) for pk in queued])
        Message.objects.filter(pk__among=ids, state__in=_NOT_OVER).erase_variables()


def _unfinished_codes() -> list[int]:
    before = periods.one_time_passwords_before()
    tasks = SendTask.objects.filter(lane=Lane.OTP.value, sent_at__lt=before, erased_at=None)
    counted = Counter.objects.filter(task_id__in=tasks.values("pk"), state__in=_NOT_OVER).values(
        "task_id"
    )
    unfinished = counted.annotate(open=Sum("messages")).filter(open__gt=0)
    return [row["task_id"] for row in unfinished]
