"""What a suspension would stop."""

from dataclasses import dataclass

from django.db.models import Sum

from accounts.models import Organization, SmsApplication
from sending.delivery.suspension import open_tasks
from sending.lifecycle import MessageState
from sending.models import Counter


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """Tasks that are being sent or paused, and their queued messages."""

    tasks: int
    messages: int


def waiting(subject: Organization | SmsApplication) -> WaitingMessages:
    """Return what of an organization, or by an application, is not with a gateway yet."""
    tasks = list(open_tasks(subject).values_list("pk", flat=True))
    queued = Counter.objects.filter(task_id__in=tasks, state=MessageState.QUEUED.value)
    return WaitingMessages(len(tasks), queued.aggregate(n=Sum("messages"))["n"] or 0)
