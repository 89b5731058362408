"""One text to one MSISDN. The hot table: no foreign keys, no index on its state."""

import os
import threading
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.lifecycle import OVER_STATES, Lane, MessageState, SaidBy
from sending.models.choices import lane_choices, message_state_choices, said_by_choices
from sending.models.message_number import MessageNumber
from sending.models.msisdn_field import MsisdnField

SEQUENCE_BITS = 20
# 2024-01-01T00:00:00Z in milliseconds; ids fit a signed 64-bit integer until the year 2302.
EPOCH_MS = 1_704_067_200_000
# Ids of one block of intake are a run, but for messages that nobody asks about. Numbers of so many
# messages in a run, or more, lie together: they are found by where they lie.
_LARGEST_GAP = 5_000
_TOGETHER = 100


class MessageSequence(models.Model):
    """One row: the next free number of the sequence part of message ids."""

    next = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.next)


def reserve_ids(count: int) -> range:
    """Return `count` fresh ids for messages, ascending and unique over all processes.

    An id is milliseconds since EPOCH_MS, shifted by 20 bits, plus a number of a shared sequence.
    Call it outside the transaction that stores the messages, so that the row lock is short.
    """
    if not 0 < count < 1 << SEQUENCE_BITS:
        raise ValueError(f"between 1 and {(1 << SEQUENCE_BITS) - 1} ids at a time, not {count}")
    return _ids(_next_numbers(count), count)


def _next_numbers(count: int) -> int:
    """Take numbers of the sequence, and return the first of them."""
    table = MessageSequence._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET next = next + %s WHERE id = 1 RETURNING next",  # noqa: S608
            [count],
        )
        (after,) = cursor.fetchone()
    return int(after) - count


def _ids(number: int, count: int) -> range:
    """Return the ids of so many numbers of the sequence, as of now."""
    first = number % (1 << SEQUENCE_BITS)
    milliseconds = int(shared_time.now().timestamp() * 1000) - EPOCH_MS
    # A block that runs past the end of the sequence part carries into the milliseconds, which
    # keeps it ascending; the sequence starts again only after a million ids.
    start = (milliseconds << SEQUENCE_BITS) + first
    return range(start, start + count)


class _SpareNumbers:
    """Numbers of the sequence that this process has reserved ahead, for a moment only.

    A message of a program must not wait for a commit of its own before the one that stores it.
    """

    # A million numbers, after which the sequence starts again, take longer.
    _SECONDS = 1.0
    _AT_ONCE = 1_000

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Drop what is left: in a child, it belongs to the parent."""
        self._lock = threading.Lock()
        self._left = range(0)
        self._until = 0.0

    def take(self, count: int) -> range:
        """Return so many numbers."""
        with self._lock:
            if len(self._left) < count or time.monotonic() > self._until:
                first = _next_numbers(max(count, self._AT_ONCE))
                self._left = range(first, first + max(count, self._AT_ONCE))
                self._until = time.monotonic() + self._SECONDS
            taken, self._left = self._left[:count], self._left[count:]
            return taken


_spare_numbers = _SpareNumbers()
os.register_at_fork(after_in_child=_spare_numbers.forget)


def first_id_at(at: datetime) -> int:
    """Return an id that is larger than those of all messages made before a moment.

    Blocks of ids are ahead of their time by a second at most.
    """
    return (int(at.timestamp() * 1000) - EPOCH_MS) << SEQUENCE_BITS


def take_ids(count: int) -> range:
    """Return what `reserve_ids` does, mostly without asking the database.

    In a transaction, which may be undone and its numbers with it, none are reserved ahead.
    """
    if connection.in_atomic_block:
        return reserve_ids(count)
    return _ids(_spare_numbers.take(count)[0], count)


class MessageQuerySet(OrganizationQuerySet):
    """Messages of organizations, stored and deleted together with their numbers."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Store messages and their numbers; call it in a transaction."""
        made = super().bulk_create(objs, *args, **options)
        MessageNumber.objects.bulk_create(
            MessageNumber(
                organization_id=message.organization_id,
                msisdn=message.msisdn,
                message_id=message.pk,
            )
            for message in made
        )
        return made

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete messages, and their numbers first."""
        with transaction.atomic():
            self._delete_numbers(list(self.order_by().values_list("pk", flat=True)))
            return super().delete()

    def erase(self) -> int:
        """Erase number and variables of messages that are over; return how many there were."""
        over = self.filter(state__in=[state.value for state in OVER_STATES])
        with transaction.atomic():
            ids = list(over.select_for_update().values_list("pk", flat=True))
            # Named once: by two lists of ids PostgreSQL would rather read the whole month.
            locked = Message.objects.filter(pk__among=ids)
            locked._delete_numbers(ids)  # noqa: SLF001 - of this class.
            return int(locked.update(msisdn="", variables="", erased_at=shared_time.now()))

    def erase_variables(self) -> int:
        """Erase the variables of messages that have any; return how many there were."""
        rows = self.exclude(variables__in=["", "[]"])
        return int(rows.update(variables="", erased_at=shared_time.now()))

    def _delete_numbers(self, ids: Sequence[int]) -> None:
        """Delete the numbers of these messages, which are `ids`."""
        if not ids:
            return
        runs = _runs(ids)
        on_postgresql = connection.vendor == "postgresql"
        if on_postgresql and len(ids) >= _TOGETHER * len(runs):
            # Index message_number_id.
            within = reduce(or_, (Q(message_id__range=run) for run in runs))
            MessageNumber.objects.filter(within, message_id__among=ids).delete()
            return
        keys = self.order_by().values_list("organization_id", "msisdn", "pk")
        select, params = keys.query.sql_with_params()
        # They name the partitions: it would rather read all numbers than look for thousands.
        bounds = (min(ids), max(ids)) if on_postgresql else ()
        clause = "message_id BETWEEN %s AND %s AND " if bounds else ""
        table = MessageNumber._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table}"  # noqa: S608
                f" WHERE {clause}(organization_id, msisdn, message_id) IN ({select})",
                (*bounds, *params),
            )


def _runs(ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return first and last of those ids that were given out together, in their order."""
    runs: list[tuple[int, int]] = []
    for pk in sorted(ids):
        if runs and pk - runs[-1][1] <= _LARGEST_GAP:
            runs[-1] = (runs[-1][0], pk)
        else:
            runs.append((pk, pk))
    return runs


class Message(models.Model):
    """A message. `state` changes only through `stepping.step`, which also keeps the counters.

    MessageNumber tells which messages go to a number. Rows of a task that is not READY yet are
    invisible: pages ask the task first. `variables` are stored and the text is rendered when
    needed, from the pinned versions.
    """

    id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    task_id = models.BigIntegerField(null=True)
    # The spreadsheet's own row number, the line of a pasted list, or the place in the group.
    row = models.PositiveIntegerField(_("row"), default=0)
    # Empty once erased, as the variables are.
    msisdn = MsisdnField(_("mobile number"))
    country = models.CharField(_("country"), max_length=2)
    lane = models.CharField(max_length=4, choices=lane_choices, default=Lane.BULK.value)
    text_template_version_id = models.BigIntegerField()
    signature_version_id = models.BigIntegerField(null=True)
    price_version_id = models.BigIntegerField(null=True)
    # A JSON list of strings, one a variable; empty once erased.
    variables = models.TextField(default="[]")
    data_coding = models.PositiveSmallIntegerField()
    segments = models.PositiveSmallIntegerField(_("segments"))
    cost_micro = models.PositiveBigIntegerField(_("cost, millionths"))
    # Only for messages without a task; those of a task use the task's.
    accepted_hour = models.PositiveIntegerField(null=True)
    # The database knows too how a message begins: intake need not say it a million times.
    state = models.CharField(
        _("state"),
        max_length=13,
        choices=message_state_choices,
        default=MessageState.QUEUED.value,
        db_default=MessageState.QUEUED.value,
    )
    from_state = models.CharField(max_length=13, blank=True, default="", db_default="")
    said_by = models.CharField(
        _("who said so"),
        max_length=7,
        choices=said_by_choices,
        default=SaidBy.US.value,
        db_default=SaidBy.US.value,
    )
    # Why: an SMPP command_status, a receipt's error, or a code of ours; see intake and errors.
    code = models.CharField(_("code"), max_length=40, blank=True, default="", db_default="")
    attempt = models.PositiveSmallIntegerField(default=0, db_default=0)
    gateway_id = models.BigIntegerField(null=True)
    created_at = MomentField(_("accepted"), default=shared_time.now, db_default=Now())
    state_at = MomentField(_("last change"), default=shared_time.now, db_default=Now())
    erased_at = models.DateTimeField(_("erased at"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            # A row of a spreadsheet becomes one message, however often the check is repeated.
            models.UniqueConstraint(fields=["task_id", "row"], name="message_task_row"),
        ]
        indexes = [
            # Messages of programs whose numbers and texts are still to be erased.
            models.Index(
                fields=["organization_id", "id"],
                condition=Q(task_id=None, msisdn__gt=""),
                name="message_of_program_readable",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
