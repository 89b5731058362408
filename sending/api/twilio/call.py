"""One request of a program, from when it is proved until it is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Organization
from sending.api.callers import Caller
from sending.api.twilio.fields import Fields

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request: JSON, or nothing (204)."""

    body: Body | None
    status: int = 200


@dataclass(slots=True)
class TwilioCall:
    """A request whose key is right; `items` is for the request log.

    `path` has the SIDs of the address by name; `origin` is our own address as the program wrote it,
    without a slash at its end.
    """

    request_id: str
    caller: Caller
    name: str
    address: str
    origin: str
    path: Mapping[str, str]
    query: Fields
    form: Fields
    idempotency_key: str = ""
    items: int = 1
    is_replay: bool = False
    # What must follow once the answer is out.
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    _organization: Organization | None = None

    @property
    def organization(self) -> Organization:
        """Return the organization of the key, as it was when it was first asked for."""
        if self._organization is None:
            self._organization = Organization.objects.get(pk=self.caller.organization_id)
        return self._organization


Handler = Callable[[TwilioCall], Reply]
