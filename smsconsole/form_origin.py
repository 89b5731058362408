"""For whom, and in which organization, a form was made: a signed field of every form that posts.

By it a form that comes too late is recognised: its session has ended, or another tab has switched
to another organization. It proves nothing about who sends it; sessions and CSRF tokens do that.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

from django.core.signing import BadSignature, Signer

FIELD = "form_origin"


@dataclass(frozen=True, slots=True)
class FormOrigin:
    """A person, and the organization they worked in: 0 for none."""

    user_id: int
    organization_id: int

    @classmethod
    def of(cls, request: Any) -> "Self | None":
        """Return the origin of a form on a page of this request; None for strangers."""
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        organization = getattr(request, "organization", None)
        return cls(user.pk, organization.pk if organization else 0)

    @classmethod
    def read(cls, token: str | None) -> "Self | None":
        """Return what a form brought; None where there is nothing that we have signed."""
        try:
            user_id, _colon, organization_id = _signer().unsign(token or "").partition(":")
            return cls(int(user_id), int(organization_id))
        except (BadSignature, ValueError):
            return None

    @property
    def token(self) -> str:
        """Return the value of the field."""
        return _signed(self.user_id, self.organization_id)


def _signer() -> Signer:
    return Signer(sep="~", salt=__name__)


@lru_cache(maxsize=1_000)
def _signed(user_id: int, organization_id: int) -> str:
    return _signer().sign(f"{user_id}:{organization_id}")
