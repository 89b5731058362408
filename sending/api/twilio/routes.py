"""Which address leads to which handler: methods, SIDs in paths, and how often a key may ask."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sending.api.twilio import accounts, message_acts, message_reads, messages
from sending.api.twilio.call import Handler
from sending.dialects.twilio.error import TwilioError
from sending.dialects.twilio.errors import NOT_FOUND

_OFTEN = 100
# As often as SendSms at the other door.
_FASTEST = 3_000
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `is_once`: a repeat of it after an error of ours does nothing twice.

    `path` names its parts, such as /2010-04-01/Accounts/{AccountSid}.json; a part is anything
    without a slash. `per_second` is how often one key may ask.
    """

    name: str
    method: str
    path: str
    handler: Handler
    per_second: int = _OFTEN
    is_once: bool = False

    def matched(self, path: str) -> Mapping[str, str] | None:
        """Return the parts of a path by name, or None where it is another one."""
        found = _pattern(self.path).fullmatch(path)
        return found.groupdict() if found else None


_ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
_MESSAGES = f"{_ACCOUNT}/Messages"

ROUTES: tuple[Operation, ...] = (
    Operation("Account.fetch", "GET", f"{_ACCOUNT}.json", accounts.fetch),
    Operation("Account.list", "GET", "/2010-04-01/Accounts.json", accounts.list_),
    Operation("Balance.fetch", "GET", f"{_ACCOUNT}/Balance.json", accounts.balance),
    Operation(
        "Message.create", "POST", f"{_MESSAGES}.json", messages.create, _FASTEST, is_once=True
    ),
    Operation("Message.list", "GET", f"{_MESSAGES}.json", message_reads.list_),
    Operation("Message.fetch", "GET", f"{_MESSAGES}/{{Sid}}.json", message_reads.fetch, _FASTEST),
    Operation("Message.update", "POST", f"{_MESSAGES}/{{Sid}}.json", message_acts.update),
    Operation("Message.delete", "DELETE", f"{_MESSAGES}/{{Sid}}.json", message_acts.delete),
    Operation(
        "Feedback.create", "POST", f"{_MESSAGES}/{{Sid}}/Feedback.json", message_acts.feedback
    ),
    Operation("Media.list", "GET", f"{_MESSAGES}/{{Sid}}/Media.json", message_reads.media),
)


def _pattern(path: str) -> re.Pattern[str]:
    found = _PATTERNS.get(path)
    if found is None:
        parts = re.split(_NAME, path)
        # Literal and name take turns.
        named = (
            f"(?P<{part}>[^/]+?)" if place % 2 else re.escape(part)
            for place, part in enumerate(parts)
        )
        found = _PATTERNS[path] = re.compile("".join(named))
    return found


_PATTERNS: dict[str, re.Pattern[str]] = {}


def routed(method: str, path: str) -> tuple[Operation, Mapping[str, str]]:
    """Return the operation that a request names, and the parts of its path; raise TwilioError."""
    there = list(_matching(ROUTES, path))
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


def _matching(
    routes: Iterable[Operation], path: str
) -> Iterator[tuple[Operation, Mapping[str, str]]]:
    for route in routes:
        parts = route.matched(path)
        if parts is not None:
            yield route, parts
