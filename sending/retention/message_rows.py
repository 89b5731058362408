"""Messages deleted for good, long after numbers and texts were erased; figures stay.

On PostgreSQL whole months are dropped. SQLite deletes in slices that keep nobody waiting. Only
messages that are over go: while one of a month is not, the month stays.
"""

import logging
from itertools import takewhile

from django.db import transaction

from accounts import shared_time
from sending.intake import row_storage
from sending.lifecycle import OVER_STATES, MessageState
from sending.models import ApiMessage, Attention, DeliveryReceipt, Message, Submission
from sending.models.message import first_id_at
from sending.partitions import dropping
from sending.partitions.tables import Partition, in_use
from sending.retention import periods

log = logging.getLogger(__name__)

_NOT_OVER = [state.value for state in MessageState if state not in OVER_STATES]
_BESIDE = (Submission, DeliveryReceipt, Attention, ApiMessage)
# Each message changes pages of six tables and all their indexes.
_TABLES = 6
MOST_A_RUN = 200_000


def delete_due(most: int = MOST_A_RUN) -> int:
    """Delete messages that are no longer kept; return how many months or, on SQLite, rows."""
    before = periods.message_rows_before()
    if before is None:
        return 0
    if in_use():
        # A month that is kept keeps those after it.
        return sum(takewhile(bool, map(_drop, dropping.ended(before))))
    return _delete_slices(first_id_at(before), most)


def _drop(month: Partition) -> bool:
    """Drop a month in which all is over. Nothing that is over comes back, so no lock is needed."""
    started = shared_time.now()
    if not is_over(month):
        log.warning("%s is kept: a message in it is not over", month.name)
        return False
    if not dropping.drop(month):
        return False
    log.info("%s was dropped, in %s with the look at it", month.name, shared_time.now() - started)
    return True


def is_over(month: Partition) -> bool:
    """Tell whether nothing may still be sent or heard of up to the end of a month.

    Reads the month once: figures could tell sooner, but what is dropped here is gone.
    """
    return not Message.objects.filter(pk__lt=month.end, state__in=_NOT_OVER).exists()


def _delete_slices(until: int, most: int) -> int:
    over = Message.objects.filter(pk__lt=until).exclude(state__in=_NOT_OVER).order_by("pk")
    size, last, deleted = row_storage.block_rows(scattered=True) // _TABLES, 0, 0
    rows = over.values_list("pk", flat=True)
    while deleted < most and (ids := list(rows.filter(pk__gt=last)[:size])):
        last = ids[-1]
        with transaction.atomic():
            for model in _BESIDE:
                model.objects.filter(message_id__among=ids).delete()
            gone, _by_model = Message.objects.filter(pk__among=ids).delete()
        deleted += gone
        row_storage.pause()
    return deleted
