"""The queue of what may be pulled: each event is given out once, whoever asks at the same time."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from sending.api.tencent.call import Call
from sending.models import CallbackEvent, CallbackKind

_TABLE = CallbackEvent._meta.db_table
# PostgreSQL: who asks at the same moment gets the next ones instead of waiting for these.
_SKIP = {"postgresql": " FOR UPDATE SKIP LOCKED", "sqlite": ""}
_PULL = (
    f"UPDATE {_TABLE} SET pulled_at = %s"  # noqa: S608 - a name of ours.
    f" WHERE pulled_at IS NULL AND id IN (SELECT id FROM {_TABLE}"
    " WHERE application_id = %s AND kind = %s AND is_pullable AND pulled_at IS NULL"
    " ORDER BY id LIMIT %s{skip})"
    " RETURNING id, subject_id, state, code, at"
)


class Pulled(NamedTuple):
    """One event; `at` is when it happened."""

    event_id: int
    subject_id: int
    state: str
    code: str
    at: datetime


def pull(call: Call, kind: CallbackKind) -> list[Pulled]:
    """Take the oldest events out of the queue and return them, in their order."""
    moment = connection.ops.adapt_datetimefield_value(timezone.now())
    parameters = [moment, call.caller.application_id, kind.value, call.values["Limit"]]
    with connection.cursor() as cursor:
        cursor.execute(_PULL.format(skip=_SKIP[connection.vendor]), parameters)
        rows = cursor.fetchall()
    field = CallbackEvent._meta.get_field("at")
    taken = [
        Pulled(event, subject, state, code, _moment(field, at))
        for event, subject, state, code, at in rows
    ]
    call.items = len(taken)
    return sorted(taken)


def _moment(field: object, at: object) -> datetime:
    """Return a moment as a database gives it to a raw query."""
    if isinstance(at, str):
        for convert in connection.ops.get_db_converters(_column(field)):
            at = convert(at, None, connection)
    assert isinstance(at, datetime)
    return at


def _column(field: object) -> object:
    from django.db.models.expressions import Col

    return Col(_TABLE, field)
