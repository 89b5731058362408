"""The queue of what may be pulled: each event is given out once, whoever asks at the same time."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from accounts import shared_time
from sending.api.tencent.call import ApiCall
from sending.models import CallbackEvent, CallbackKind

_TABLE = CallbackEvent._meta.db_table
_NEXT = (
    f"SELECT id FROM {_TABLE}"  # noqa: S608 - a name of ours.
    " WHERE application_id = %s AND kind = %s AND is_pullable AND pulled_at IS NULL"
    " ORDER BY id LIMIT %s"
)
# PostgreSQL: who asks at the same moment gets the next ones instead of waiting for these. As an
# array the next ones are looked for once; in a join it may look, and skip, for each row anew.
_AMONG_NEXT = {
    "postgresql": f"= ANY(ARRAY({_NEXT} FOR UPDATE SKIP LOCKED))",
    "sqlite": f"IN ({_NEXT})",
}
_PULL = (
    f"UPDATE {_TABLE} SET pulled_at = %s"  # noqa: S608 - a name of ours.
    " WHERE pulled_at IS NULL AND id {among_next} RETURNING id"
)


class Ended(NamedTuple):
    """How a message ended, and when; `subject_id` is a reply where it is one."""

    subject_id: int
    state: str
    code: str
    at: datetime


def pull(call: ApiCall, kind: CallbackKind) -> list[Ended]:
    """Take the oldest events out of the queue and return them, in their order."""
    moment = connection.ops.adapt_datetimefield_value(shared_time.now())
    parameters = [moment, call.caller.application_id, kind.value, call.values["Limit"]]
    with connection.cursor() as cursor:
        cursor.execute(_PULL.format(among_next=_AMONG_NEXT[connection.vendor]), parameters)
        ids = [pk for (pk,) in cursor.fetchall()]
    call.items = len(ids)
    taken = CallbackEvent.objects.for_organization(call.organization).filter(pk__among=ids)
    return [
        Ended(event.subject_id, event.state, event.code, event.at) for event in taken.order_by("pk")
    ]
