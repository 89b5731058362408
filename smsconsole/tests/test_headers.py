"""What every answer tells browsers and servers on the way, and what addresses never hold."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.cache import cache as limits
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import PASSWORD, make_user
from sending.models import MessageNumber
from smsconsole.tests.address import OPERATE
from smsconsole.tests.addresses import ADDRESSES, ADMIN_PAGES, DESK
from smsconsole.tests.test_every_url import admin_requests, allowed, ask, undrawn, where
from smsconsole.tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def asked(world: World) -> Iterator[tuple[str, HttpResponse]]:
    """Yield (where, answer) for every address and method, the administration included."""
    for name, address in ADDRESSES.items():
        url = where(name, address, world.ours)
        for method in sorted(address.methods):
            yield f"{method} {name}", ask(allowed(world, address), method, url)
            with undrawn():
                answer = ask(world.readers["anonymous"], method, url)
            yield f"{method} {name}, a stranger", answer
    operator = world.readers["operator"]
    for _model, _verb, url, _exists in admin_requests():
        yield url, ask(operator, "GET", url)
    for name in {*ADMIN_PAGES, *DESK} - {"admin:view_on_site", "admin:app_list"}:
        arguments = {arg: getattr(world.ours, row) for arg, row in DESK.get(name, {}).items()}
        arguments |= {"kind": "template"} if name == "admin:review_item" else {}
        if name == "admin:auth_user_password_change":
            arguments = {"id": world.ours.user}
        yield name, ask(operator, "GET", reverse(name, kwargs=arguments))


class _Walk(NamedTuple):
    """What every address answers, and all numbers that messages went to."""

    answers: dict[str, HttpResponse]
    numbers: set[str]


@cache
def _walk() -> _Walk:
    answers = dict(asked(make_world()))
    # What was asked does not count against the readers of other tests.
    limits.clear()
    msisdns = MessageNumber.objects.values_list("msisdn", flat=True)
    return _Walk(answers, {msisdn.lstrip("+") for msisdn in msisdns})


@pytest.fixture
def walk(db: None) -> _Walk:
    """Ask every address, once for all tests of this file."""
    return _walk()


@pytest.fixture
def answers(walk: _Walk) -> dict[str, HttpResponse]:
    """Return what every address answers."""
    return walk.answers


def test_no_answer_may_be_stored(answers: dict[str, HttpResponse]) -> None:
    found = {where: answer.get("Cache-Control", "") for where, answer in answers.items()}
    assert {where: said for where, said in found.items() if "no-store" not in said} == {}
    assert len(found) > 200


def test_static_files_are_answered_before_that_is_said() -> None:
    order = [name.rpartition(".")[2] for name in settings.MIDDLEWARE]
    assert order.index("WhiteNoiseMiddleware") < order.index("NoStoreMiddleware")


def test_every_answer_says_what_browsers_may_do(answers: dict[str, HttpResponse]) -> None:
    for where_, answer in answers.items():
        assert answer["X-Content-Type-Options"] == "nosniff", where_
        assert answer["Referrer-Policy"] == "same-origin", where_
        assert "Access-Control-Allow-Origin" not in answer, where_
        policy = answer["Content-Security-Policy"]
        for directive in (
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ):
            assert directive in policy, where_


def test_every_answer_names_its_type(answers: dict[str, HttpResponse]) -> None:
    for where_, answer in answers.items():
        if answer.content:
            kind = answer["Content-Type"]
            assert kind.startswith(("image/", "application/")) or "charset=" in kind, where_


def test_cookies_are_for_this_site_and_for_no_script(client: Client) -> None:
    person = make_user(password=PASSWORD)
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("theme"), {"theme": "dark"})
    client.post(reverse("language"), {"language": "zh-hans"})
    client.get(reverse("account_change_password"))
    assert len(client.cookies) >= 4
    for name, cookie in client.cookies.items():
        if name != "messages":
            assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True), name


def test_signing_in_changes_the_session(client: Client) -> None:
    person = make_user(password=PASSWORD)
    session = client.session
    session["before"] = "sign-in"
    session.save()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert client.session.session_key != session.session_key


def test_signing_out_ends_the_session(client: Client) -> None:
    client.force_login(make_user())
    cookies = {name: cookie.value for name, cookie in client.cookies.items()}
    assert client.get(reverse("mfa_index")).status_code == 200
    client.post(reverse("account_logout"))
    thief = Client()
    thief.cookies.load(cookies)
    assert thief.get(reverse("mfa_index")).status_code == 302


def test_a_redirect_stays_on_this_site(client: Client) -> None:
    for away in ("https://example.com/", "//example.com/", "/\\example.com", "javascript:alert(1)"):
        assert client.post(reverse("theme"), {"next": away}).url == "/"
    person = make_user(password=PASSWORD)
    form = {"login": person.email, "password": PASSWORD, "next": "https://example.com/"}
    assert client.post(reverse("account_login"), form).url.startswith("/")


def test_trace_echoes_nothing(client: Client) -> None:
    answer = client.generic("TRACE", "/accounts/login/", headers={"X-Secret": "echo-me"})
    assert b"echo-me" not in answer.content


def addresses_in(page: str) -> list[str]:
    return [
        unquote(address)
        for address in re.findall(r"""(?:href|action|hx-get|hx-post|src)=["']([^"']+)""", page)
    ]


def test_no_number_stands_in_an_address(walk: _Walk) -> None:
    """Neither in a link of a page nor where a search leads."""
    assert walk.numbers
    found, links = {}, 0
    for name, page in walk.answers.items():
        hrefs = addresses_in(page.content.decode(errors="ignore"))
        links += len(hrefs)
        if wrong := [href for href in hrefs if any(number in href for number in walk.numbers)]:
            found[name] = wrong
    assert found == {}
    assert links > 500


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("send_tasks:messages", "number"),
        ("customers:list", "q"),
        ("customers:find", "q"),
        ("groups:detail", "q"),
        ("groups:suppressions", "q"),
        ("operations:routing", "number"),
        ("operations:trace", "number"),
    ],
)
def test_a_search_leads_to_an_address_without_the_number(
    world: World, name: str, field: str
) -> None:
    address = ADDRESSES[name]
    client = world.readers["operator" if address.needs == OPERATE else "owner"]
    url = where(name, address, world.ours)
    answer = client.post(url, {field: "852 5123 0010"})
    assert answer.status_code == 302
    assert not re.search(r"852|5123", answer.url)
    page = client.get(answer.url).content.decode()
    assert "5123" in page
    # The field that asks is not sent in an address either, with or without a script.
    form = re.search(rf"<form[^>]*>(?:(?!</form>).)*name=\"{field}\"", page, re.DOTALL)
    assert form
    assert 'method="post"' in form[0].partition(">")[0]
