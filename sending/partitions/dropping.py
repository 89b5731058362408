"""Partitions dropped: whole months of messages in some milliseconds."""

import logging
import time
from datetime import datetime

from django.db import OperationalError, connection, transaction

from sending.models.message import first_id_at
from sending.partitions.tables import MESSAGES, TABLES, Partition

log = logging.getLogger(__name__)

# Everybody who uses the tables waits while we wait for the lock: not for long, and rather again.
_LOCK = "SET LOCAL lock_timeout = '300ms'"
_ATTEMPTS = 5
_PAUSE_SECONDS = 1.0


def ended(before: datetime) -> list[Partition]:
    """Return the months that had ended before a moment, the oldest first."""
    bound = first_id_at(before)
    return [partition for partition in MESSAGES.partitions() if partition.end <= bound]


def drop(month: Partition) -> bool:
    """Drop a month of all tables at once; False when somebody kept one locked all the time."""
    names = [
        partition.name
        for table in TABLES
        for partition in table.partitions()
        if partition.end <= month.end
    ]
    for _attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_LOCK)
                cursor.execute(f"DROP TABLE IF EXISTS {', '.join(names)}")
        except OperationalError as error:
            log.info("%s is in use: %s", month.name, error)
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
    log.warning("%s could not be dropped: it is in use", month.name)
    return False
