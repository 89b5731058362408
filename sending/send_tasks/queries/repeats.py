"""Tasks of the last day that may be the same one once more: nothing is blocked, it is only said."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts import shared_time
from sending.models import SendTask, Upload

_LATELY = timedelta(hours=24)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Repeat:
    """A task that was sent lately with the same text to the same recipients, or the same file."""

    task: SendTask
    has_same_text: bool


def repeats_of(task: SendTask, at: datetime | None = None) -> list[Repeat]:
    """Return the newest of them; by the indexes of digests, however many rows there are."""
    since = (at or shared_time.now()) - _LATELY
    sent = SendTask.objects.for_organization(task.organization).filter(sent_at__gte=since)
    others = sent.exclude(pk=task.pk).order_by("-pk")
    found: dict[int, Repeat] = {}
    if task.digest:
        for other in others.filter(digest=task.digest)[:_SHOWN]:
            found[other.pk] = Repeat(other, has_same_text=True)
    if task.upload is not None and task.upload.digest:
        files = Upload.objects.for_organization(task.organization)
        same = files.filter(digest=task.upload.digest).values("pk")
        for other in others.filter(upload__in=same)[:_SHOWN]:
            found.setdefault(other.pk, Repeat(other, has_same_text=False))
    return [found[pk] for pk in sorted(found, reverse=True)[:_SHOWN]]
