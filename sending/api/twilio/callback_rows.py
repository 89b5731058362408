"""Where a message wants its program to be told: a row of its endpoint, and the URL beside it."""

from accounts.statements import Statement
from sending.api.callers import Caller
from sending.models import ApiMessage, CallbackEndpoint, CallbackKind

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


def naming(message_id: int, url: str) -> Statement:
    """Return what writes the URL of a message, after the message itself."""
    return Statement(_NAME, [url, message_id], gives_rows=False)
