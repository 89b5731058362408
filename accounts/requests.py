"""The type of a request that a page behind `@needs` gets."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import Member, Organization, User


class MemberRequest(HttpRequest):
    """A request whose reader has a place in an organization; for annotations only."""

    user: "User"
    member: "Member"
    organization: "Organization"


class PersonRequest(HttpRequest):
    """A request whose reader is logged in, perhaps without an organization; for annotations."""

    user: "User"
    member: "Member | None"
    organization: "Organization | None"
