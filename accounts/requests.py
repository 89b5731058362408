"""The type of a request that a page behind `@needs` gets, and the numbers in one."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import Member, Organization, User
    from accounts.support_view import SupportView


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
    support_view: "SupportView | None"


def whole_number(text: str | None) -> int | None:
    """Read a number of an address; anything else is as if it was not there."""
    # Longer ones fit no column of ours.
    if text and text.isdecimal() and text.isascii() and len(text) <= 18:
        return int(text)
    return None
