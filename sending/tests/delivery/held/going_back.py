"""A database that is put back to what it was, as a restored backup is."""

from django.utils import timezone

from accounts.models import Standing
from sending.delivery.attempt import Answer, SegmentAnswer
from sending.delivery.sender import results
from sending.delivery.sender.bind_session import BindSession
from sending.delivery.sender.results import Finished
from sending.delivery.sender.submit import _attempt
from sending.lifecycle import LANES_BY_PRIORITY
from sending.models import (
    Attention,
    Batch,
    BindSlot,
    Counter,
    Message,
    SendHost,
    SendTask,
    Submission,
    TaskEvent,
)

_TABLES = (
    *(Standing, SendHost, BindSlot, SendTask, TaskEvent, Message, Batch, Submission, Counter),
    Attention,
)


class Backup:
    """What was in the tables of sending."""

    def __init__(self):
        self._rows = {table: list(table.objects.all()) for table in _TABLES}

    def restore(self):
        """Put all rows back as they were, and only those."""
        for table in reversed(_TABLES):
            kept = [row.pk for row in self._rows[table]]
            table.objects.exclude(pk__in=kept).delete()
        for rows in self._rows.values():
            for row in rows:
                row.save()


def send(bind_session: BindSession, gateway, limit, answers=None):
    """Claim so many messages, write them and their answers down as a sender does; return them.

    `answers` are by place: an (Answer, said), or None where no answer came.
    """
    claim = bind_session.claim(gateway, limit, LANES_BY_PRIORITY)
    journal = bind_session.journal
    if claim.number:
        journal.note_claim(claim.number)
    finished = []
    for place, item in enumerate(claim.outgoing):
        answer = (Answer.ACCEPTED, f"id-{item.key.message_id}")
        if answers:
            answer = answers[place]
        request = item.requests[0]
        journal.sent(item.key, request.segment, request.segments)
        given = [SegmentAnswer(request.segment, *answer)] if answer else []
        for each in given:
            journal.answered(item.key, each)
        finished.append(
            Finished(
                organization_id=item.organization_id,
                task_id=item.task_id,
                lane=item.lane,
                batch_id=item.batch_id,
                attempt=_attempt(item, given, unanswered=not given, code="NO_ANSWER"),
                at=timezone.now(),
            )
        )
    results.write(gateway, finished, list(claim.open))
    return [item.key.message_id for item in claim.outgoing]
