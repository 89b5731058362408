"""Events that are called back no more: a day was in vain, or nobody wants to be called back."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from accounts import shared_time
from accounts.models import SmsApplication
from sending.callbacks.endpoints import URL_FIELDS
from sending.models import CallbackEndpoint, CallbackEvent

# How long an event waits at most, from when it became due.
PATIENCE = timedelta(hours=24)
URL_REMOVED = "URL_REMOVED"
_A_BLOCK = 2_000


def give_up() -> int:
    """Give up what waited in vain; return how many events it was."""
    return _of_endpoints_down() + _without_url()


def _of_endpoints_down() -> int:
    """Give up old events of endpoints that do not take them.

    What was not tried is not given up, however old: the console itself may have been off.
    """
    before = shared_time.now() - PATIENCE
    given_up = 0
    for application_id, kind, failures in CallbackEndpoint.objects.values_list(
        "application_id", "kind", "failures"
    ):
        waiting = CallbackEvent.objects.waiting(application_id, kind).filter(due_at__lt=before)
        given_up += _give_up(waiting if failures else waiting.filter(attempts__gt=0))
    return given_up


def _without_url() -> int:
    """Give up what waits for an application whose URL was removed."""
    given_up = 0
    for kind, url_field in URL_FIELDS.items():
        waiting = CallbackEvent.objects.waiting(OuterRef("pk"), kind)
        removed = SmsApplication.objects.filter(Exists(waiting), **{url_field: ""})
        for application_id in removed.values_list("pk", flat=True):
            rows = CallbackEvent.objects.waiting(application_id, kind)
            given_up += _give_up(rows, error=URL_REMOVED)
    return given_up


def _give_up(rows: QuerySet[CallbackEvent], **said: str) -> int:
    """Give up rows, a block a transaction, so that nobody waits for long."""
    given_up, now = 0, shared_time.now()
    while ids := list(rows.values_list("pk", flat=True)[:_A_BLOCK]):
        # The condition once more: some may have been told meanwhile.
        gone = rows.filter(pk__among=ids).update(**dead(now), **said)
        given_up += gone
    return given_up


def dead(now: datetime) -> dict[str, datetime | None]:
    """Return what is written of an event that is given up."""
    return {"due_at": None, "aside_until": None, "dead_at": now}
