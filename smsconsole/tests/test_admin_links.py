"""No dead links in the administration: whatever it shows to its staff, they may open."""

from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from smsconsole.tests.world import make_world

INDEX = "/admin/"


def links(html: bytes, page: str) -> list[str]:
    """Return the addresses of this console that a page leads to."""
    found = BeautifulSoup(html, "html.parser").select("a[href]")
    urls = [urlsplit(urljoin(page, tag["href"])) for tag in found]
    return [url._replace(fragment="").geturl() for url in urls if not url.netloc]


def dead_links(client: Client) -> dict[str, str]:
    """Return {address: answer and the page that names it}, beginning with the index.

    Pages with a query (orders and filters of a list) are opened, and not searched for more.
    """
    seen, dead = {INDEX}, {}
    waiting = deque([(INDEX, "")])
    while waiting:
        url, page = waiting.popleft()
        answer = client.get(url, follow=True)
        if answer.status_code != 200:
            dead[url] = f"{answer.status_code} from {page}"
        elif url.startswith(INDEX) and "?" not in url and not answer.streaming:
            fresh = [link for link in links(answer.content, url) if link not in seen]
            seen |= set(fresh)
            waiting += [(link, url) for link in dict.fromkeys(fresh)]
    assert len(seen) > 20
    return dead


# A browser opens what staff see in the journeys; here the queries of lists are opened as well.
@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["reviewer", "operator"])
def test_every_link_that_staff_see_opens(reader: str) -> None:
    world = make_world()
    User.objects.create_superuser("root@example.com")
    assert dead_links(world.readers[reader]) == {}
