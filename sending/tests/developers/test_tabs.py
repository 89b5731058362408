"""The tabs of the developers' pages: groups, and the pages of the one the reader is in."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from smsconsole.templatetags.developer_tabs import GROUPS

pytestmark = pytest.mark.django_db


def tabs(role: Role, name: str) -> tuple[list[str], list[str], list[str]]:
    """Return the captions of groups, of pages, and of those that are current."""
    page = log_in(Client(), make_member(role)).get(reverse(name))
    soup = BeautifulSoup(page.content.decode(), "html.parser")
    nav = soup.select_one("nav[aria-label=Developers]")
    assert nav is not None
    found = (
        [a.text for a in nav.select(css)] for css in (".tabs a", ".subtabs a", "[aria-current]")
    )
    groups, pages, current = found
    return groups, pages, current


@pytest.mark.parametrize(
    ("name", "current"),
    [
        ("developers:start", ["Start"]),
        ("applications:list", ["Applications"]),
        ("developers:quick_start", ["API", "Quick start"]),
        ("developers:twilio_errors", ["Twilio", "Error codes"]),
        ("guard:settings", ["Guard", "Settings"]),
        ("developers:unmatched", ["Logs", "Unmatched texts"]),
    ],
)
def test_a_page_shows_where_it_is(name: str, current: list[str]) -> None:
    groups, _pages, found = tabs(Role.OWNER, name)
    assert found == current
    assert len(groups) == len(GROUPS)


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.ADMIN, ["Overview", "Decisions", "Exceptions", "Settings"]),
        (Role.VIEWER, ["Overview", "Decisions"]),
    ],
)
def test_pages_that_the_reader_may_not_open_are_left_out(role: Role, shown: list[str]) -> None:
    assert tabs(role, "guard:guard")[1] == shown
