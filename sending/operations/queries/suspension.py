"""What a suspension would stop."""

from dataclasses import dataclass

from django.db.models import Sum

from accounts.models import Organization, SmsApplication
from sending.delivery.suspension import open_tasks
from sending.lifecycle import MessageState
from sending.models import Counter


@dataclass(frozen=True, slots=True)
class WaitingMessages:
    """Tasks that are being sent or paused; their queued messages, and those of programs."""

    tasks: int
    messages: int


def waiting(subject: Organization | SmsApplication) -> WaitingMessages:
    """Return what of an organization, or by an application, is not with a gateway yet."""
    tasks = list(open_tasks(subject).values_list("pk", flat=True))
    queued = Counter.objects.filter(state=MessageState.QUEUED.value)
    of_programs = queued.filter(task_id=None)
    if isinstance(subject, Organization):
        of_programs = of_programs.filter(organization_id=subject.pk)
    else:
        of_programs = of_programs.filter(
            organization_id=subject.organization_id, application_id=subject.pk
        )
    messages = sum(
        rows.aggregate(n=Sum("messages"))["n"] or 0
        for rows in (queued.filter(task_id__in=tasks), of_programs)
    )
    return WaitingMessages(len(tasks), messages)
