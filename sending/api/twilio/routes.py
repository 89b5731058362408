"""Which address leads to which handler."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from sending.api.twilio import accounts, message_acts, message_reads, messages
from sending.api.twilio.newer_routes import NEWER_ROUTES
from sending.api.twilio.operation import FASTEST, Operation
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import NOT_FOUND

_ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
_MESSAGES = f"{_ACCOUNT}/Messages"

ROUTES: tuple[Operation, ...] = (
    Operation("Account.fetch", "GET", f"{_ACCOUNT}.json", accounts.fetch),
    Operation("Account.list", "GET", "/2010-04-01/Accounts.json", accounts.list_),
    Operation("Balance.fetch", "GET", f"{_ACCOUNT}/Balance.json", accounts.balance),
    Operation(
        "Message.create", "POST", f"{_MESSAGES}.json", messages.create, FASTEST, is_once=True
    ),
    Operation("Message.list", "GET", f"{_MESSAGES}.json", message_reads.list_),
    Operation("Message.fetch", "GET", f"{_MESSAGES}/{{Sid}}.json", message_reads.fetch, FASTEST),
    Operation("Message.update", "POST", f"{_MESSAGES}/{{Sid}}.json", message_acts.update),
    Operation("Message.delete", "DELETE", f"{_MESSAGES}/{{Sid}}.json", message_acts.delete),
    Operation(
        "Feedback.create", "POST", f"{_MESSAGES}/{{Sid}}/Feedback.json", message_acts.feedback
    ),
    Operation("Media.list", "GET", f"{_MESSAGES}/{{Sid}}/Media.json", message_reads.media),
    *NEWER_ROUTES,
)


def routed(method: str, path: str) -> tuple[Operation, Mapping[str, str]]:
    """Return the operation that a request names, and the parts of its path; raise TwilioError."""
    there = _at(path)
    for route, parts in there:
        if route.method == method:
            return route, parts
    if there:
        methods = ", ".join(sorted(route.method for route, _parts in there))
        raise TwilioError(20004, _("This address takes: %(methods)s.") % {"methods": methods}, 405)
    raise TwilioError(
        NOT_FOUND,
        _("There is nothing at this address in this console. Addresses have no slash at the end."),
        404,
    )


def _at(path: str) -> list[tuple[Operation, Mapping[str, str]]]:
    found = ((route, route.matched(path)) for route in ROUTES)
    return [(route, parts) for route, parts in found if parts is not None]
