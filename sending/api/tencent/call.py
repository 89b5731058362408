"""One request of a program, from when it is proved until it is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Organization
from sending.api.callers import Caller
from sending.dialects.tencent.actions import Action

Answer = dict[str, Any]


@dataclass(slots=True)
class ApiCall:
    """A request whose signature is right; `items` and `refused` are for the request log."""

    request_id: str
    caller: Caller
    action: Action
    values: Mapping[str, Any]
    is_dry_run: bool = False
    idempotency_key: str = ""
    items: int = 0
    refused: int = 0
    first_refusal: str = ""
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

    def refuse_one(self, code: str) -> None:
        """Count one item that was refused."""
        self.refused += 1
        self.first_refusal = self.first_refusal or code
