"""Where a message wants its program to be told: the URL, a row of its endpoint, a first event."""

from accounts import shared_time
from accounts.models import SmsApplication
from accounts.statements import Statement
from sending.api.callers import Caller
from sending.models import ApiMessage, CallbackEndpoint, CallbackKind
from sending.models.telling import accepted_event, is_told_on_the_way

_NAME = (
    f"UPDATE {ApiMessage._meta.db_table}"  # noqa: S608 - a name of ours.
    " SET status_callback = %s WHERE message_id = %s"
)
# Applications whose endpoint is known to be there.
_ensured: set[int] = set()


def ensure_endpoint(caller: Caller) -> None:
    """Make the endpoint of messages that name a URL themselves, where there is none."""
    if caller.application_id in _ensured:
        return
    CallbackEndpoint.objects.get_or_create(
        application_id=caller.application_id,
        kind=CallbackKind.NAMED.value,
        defaults={"organization_id": caller.organization_id},
    )
    _ensured.add(caller.application_id)


def forget() -> None:
    """Look for all of them anew."""
    _ensured.clear()


def telling(
    caller: Caller, application: SmsApplication, message_id: int, url: str, *, is_due: bool
) -> list[Statement]:
    """Return what writes where a message is told, after the message itself.

    That it was accepted is told at once, unless it is scheduled: then nothing happens yet.
    """
    named = [Statement(_NAME, [url, message_id], gives_rows=False)] if url else []
    dialect = application.callback_dialect if application.callback_url else None
    if not (is_due and is_told_on_the_way(url, dialect)):
        return named
    owner = caller.organization_id, caller.application_id
    return [*named, accepted_event(*owner, message_id, url, shared_time.now())]
