"""Messages that a gateway has accepted, for tests of what its receipts mean."""

from django.utils import timezone

from sending.delivery.attempt import Answer, Attempt, SegmentAnswer
from sending.delivery.queue.claims import claim
from sending.delivery.sender import results
from sending.delivery.sender.results import Finished
from sending.models import Message
from sending.tests.delivery.fakes import a_sending_task
from sending.tests.factories import make_sender
from templates_app.tests.factories import approved_template

LONG = "Harbourline: " + "a longer text than one segment holds, " * 5


def submit(gateway, ids, *, unanswered=False):
    """Claim everything and write down that the gateway accepted it: one row of ids a message."""
    claimed = claim(gateway, "journal-1", 500)
    rows = [
        Finished(
            organization_id=item.organization_id,
            task_id=item.task_id,
            lane=item.lane,
            batch_id=item.batch_id,
            attempt=Attempt(
                item.key,
                item.segments,
                item.before,
                tuple(
                    SegmentAnswer(segment, Answer.ACCEPTED, name)
                    for segment, name in enumerate(own, 1)
                ),
                unanswered,
            ),
            at=timezone.now(),
        )
        for item, own in zip(claimed.outgoing, ids, strict=True)
    ]
    results.write(gateway, rows, list(claimed.open))


def a_long_task():
    member = make_sender(daily_segment_limit=1000)
    return a_sending_task(
        1, member=member, template_version=approved_template(member.organization, LONG).approved
    )


def states():
    return list(Message.objects.order_by("row").values_list("state", flat=True))
