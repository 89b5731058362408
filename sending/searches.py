"""Searches for a number stay in the reader's session: an address, which servers log and browsers
remember, holds only the key of a search.
"""

import secrets
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import urlencode

from accounts.requests import MemberRequest
from accounts.roles import Permission

SESSION_KEY = "searches"
KEPT = 20
"""Searches a session remembers, so that the back button finds the last ones."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a reader looks for; empty looks for nothing."""

    key: str = ""
    text: str = ""

    @property
    def has_ended(self) -> bool:
        """Tell whether the session no longer knows what the address means."""
        return bool(self.key) and not self.text


def search_of(request: HttpRequest) -> Search:
    """Return the search that an address names."""
    key = request.GET.get("search", "")[:20]
    return Search(key, request.session.get(SESSION_KEY, {}).get(key, ""))


def number_prefix_of(request: MemberRequest) -> str:
    """Return how the numbers begin that a reader looks for, with plus; empty for any number."""
    # Who may not see numbers must not find them out digit by digit either.
    text = search_of(request).text if request.member.may(Permission.NUMBERS) else ""
    digits = "".join(filter(str.isdigit, text))[:15]
    return f"+{digits.removeprefix('00')}" if digits and digits.isascii() else ""


def redirect_to_search(request: HttpRequest, text: str, **filters: str) -> HttpResponseRedirect:
    """Keep what was searched for, and lead to the same page with its key and other filters."""
    # PostgreSQL takes no NUL in a condition, and there is none in anything it keeps.
    text = text.replace("\0", "")
    named = {"search": _keep(request, text) if text else "", **filters}
    query = urlencode({name: value for name, value in named.items() if value})
    return redirect(f"{request.path}?{query}" if query else request.path)


def _keep(request: HttpRequest, text: str) -> str:
    kept: dict[str, str] = request.session.get(SESSION_KEY, {})
    for key, known in kept.items():
        if known == text:
            return key
    key = secrets.token_urlsafe(9)
    newest = list(kept.items())[1 - KEPT :]
    request.session[SESSION_KEY] = dict([*newest, (key, text)])
    return key
