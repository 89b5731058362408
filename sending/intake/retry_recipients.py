"""Recipients of a retry: the temporary failures of another task, each of them once."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from sending.intake import row_storage
from sending.intake.child.row_texts import DEFAULT
from sending.lifecycle import MessageState
from sending.models import Attention, Message, Retry, SendTask
from sending.models.routing import RouteTable
from sending.sms.routes import Key

# States that are final; UNKNOWN and IN_DOUBT are not, and what was delivered is no failure.
FAILED = (MessageState.UNDELIVERABLE, MessageState.EXPIRED, MessageState.REJECTED)
MOST = 50_000
_AT_ONCE = 1_000


class SupportsWrite(Protocol):
    """What csv writes to."""

    def write(self, text: str, /) -> object:
        """Take some text."""
        ...


def collect(task: SendTask) -> int:
    """Put the failures that a retry was made for into it; return how many it has.

    May be repeated. A failure that another task has already is left to that one.
    """
    found = list(_failures(task).values_list("message_id", flat=True)[:MOST])
    for at in range(0, len(found), _AT_ONCE):
        with transaction.atomic():
            Retry.objects.bulk_create(
                (Retry(message_id=pk, task=task) for pk in found[at : at + _AT_ONCE]),
                ignore_conflicts=True,
            )
        row_storage.pause()
    return Retry.objects.filter(task=task).count()


def _failures(task: SendTask) -> QuerySet[Attention]:
    failed = Attention.objects.for_organization(task.organization).filter(
        task_id=task.retry_of_id,
        state__in=[state.value for state in FAILED],
        code__in=task.retry.get("codes", []),
    )
    taken = Retry.objects.filter(message_id=OuterRef("message_id"))
    # By id alone PostgreSQL would read the primary keys of all months.
    return failed.filter(~Exists(taken)).order_by("state", "message_id")


def write_rows(task: SendTask, file: SupportsWrite) -> None:
    """Write a line for every failure of a retry: number, language, then the variables."""
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    tags = {pk: tag for tag, pk in task.language_versions.items()}
    for message in _messages(task):
        tag = tags.get(message.text_template_version_id, DEFAULT)
        writer.writerow([message.msisdn, tag, *json.loads(message.variables or "[]")])


def avoided(task: SendTask, table: RouteTable) -> dict[Key, set[int]]:
    """Return the gateways by which the failures of each route went."""
    found: dict[Key, set[int]] = defaultdict(set)
    for message in _messages(task):
        key = table.key_of(message.msisdn, message.country)
        if key and message.gateway_id:
            found[key].add(message.gateway_id)
    return found


def _messages(task: SendTask) -> Iterator[Message]:
    """Yield the failed messages in their order, a few at a time."""
    rows = Retry.objects.filter(task=task).order_by("message_id")
    last = 0
    while ids := list(
        rows.filter(message_id__gt=last).values_list("message_id", flat=True)[:_AT_ONCE]
    ):
        found = Message.objects.for_organization(task.organization).filter(pk__in=ids)
        # What was erased cannot be sent again.
        yield from found.exclude(msisdn="").order_by("pk")
        last = ids[-1]
