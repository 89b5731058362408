"""A reader who looks at pages as strictly as a person would."""

import re
from urllib.parse import unquote_plus

from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from accounts.models import Member
from accounts.tests.factories import log_in
from smsconsole.tests.page_rules import faults, read


class Reader:
    """A member with a browser that has no script."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.client = log_in(Client(), member)

    def get(self, url: str, status: int = 200, **params: object) -> BeautifulSoup:
        """Return a page; whatever the test is about, the page itself must be sound."""
        response = self.client.get(url, params)
        assert response.status_code == status, response.headers.get("Location")
        return sound(response) if status == 200 else read(response.content)

    def search(self, url: str, **data: object) -> BeautifulSoup:
        """Send a search and return the page it leads to, whose address tells nothing of it."""
        response = self.client.post(url, data)
        assert response.status_code == 302
        for name in {"number", "q"} & set(data):
            assert not tells(response.url, str(data[name]))
        found = self.client.get(response.url)
        return sound(found)

    def post(self, url: str, **data: object) -> HttpResponse:
        """Send a form; a page that comes back must be sound, too."""
        response = self.client.post(url, data)
        if response.status_code == 200:
            sound(response)
        return response


# What is shorter may stand in a random token by chance.
_NO_CHANCE = 4


def tells(address: str, typed: str) -> bool:
    """Tell whether an address holds what was typed; if it is short, as a word of its own."""
    read = unquote_plus(address)
    return typed in (read if len(typed) >= _NO_CHANCE else re.split(r"[/?&=#]", read))


def sound(response: HttpResponse) -> BeautifulSoup:
    """Return a page that breaks no rule of pages."""
    page = read(response.content)
    found = faults(page)
    assert not found, found
    return page


def words(page: BeautifulSoup) -> str:
    """Return the text of a page's main part, white space evened out."""
    return " ".join(page.main.get_text(" ").split())
