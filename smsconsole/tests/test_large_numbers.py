"""Numbers nobody has: in addresses, in their queries and in forms they are 400 or 404, never 500.

Python refuses to read more than 4,300 digits, databases take 64 bits, and dates have an end.
"""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from http.cookies import SimpleCookie

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts import limits
from smsconsole.tests.address import OPERATE, Address
from smsconsole.tests.addresses import ADDRESSES, ADMIN_MODELS, ADMIN_VERBS, DESK
from smsconsole.tests.services_rooms import on_one_database
from smsconsole.tests.test_every_url import ask, assert_none, undrawn, where
from smsconsole.tests.world import World

NUMBERS = {
    "32 bits": str(2**31),
    "64 bits": str(2**63),
    "30 digits": "9" * 30,
    "5,000 digits": "9" * 5_000,
    "negative": "-1",
    "other digits": "١٢٣",
    "superscript": "²",
    "edge of the calendar": "0001-01-01T00:00:00+14:00~1",
}
# What is beyond the columns of a database: PostgreSQL refuses whatever SQLite does, and more.
_OF_DATABASES = {"32 bits", "64 bits"}
EACH = on_one_database(_OF_DATABASES, NUMBERS, NUMBERS)
# One of each kind, for what takes long to ask.
FEW = ["64 bits", "5,000 digits"]
# What is no whole number leads to no page, whatever it is.
IN_PATHS = [each for each in EACH if each.id in {*FEW, "32 bits", "superscript"}]
# Whatever an address is asked with, here or in a link of ours.
QUERIES = {
    *("after", "before", "page", "row", "message", "number", "version", "q", "code", "country"),
    *("state", "type", "days", "first", "last", "like", "group", "template", "signature", "upload"),
    *("source", "p", "o", "e", "id__exact", "organization__id__exact", "instead_of", "next"),
}
ID = 77_777_777
# What pages count with or look for rows by.
ALONE = ("after", "before", "page", "row", "message", "version", "like")


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Readers may ask as often as they like."""
    monkeypatch.setattr(limits, "_seconds_to_wait", lambda request, limit: 0)
    return world


def reader(world: World, address: Address) -> Client:
    return world.readers["operator" if address.needs == OPERATE else "owner"]


def send(client: Client, url: str, data: dict[str, str]) -> HttpResponse:
    """Post a form whose effects are forgotten; an exception of ours comes through."""
    cookies = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()})
    try:
        with transaction.atomic():
            response = client.post(url, data)
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return response


def admin_addresses(world: World) -> Iterator[str]:
    for model in ADMIN_MODELS:
        for verb in ADMIN_VERBS:
            numbered = verb in {"change", "history", "delete"}
            yield reverse(f"admin:{model}_{verb}", args=[ID] if numbered else [])
    for name, rows in DESK.items():
        kwargs = {argument: getattr(world.ours, row) for argument, row in rows.items()}
        yield reverse(name, kwargs=kwargs | ({"kind": "template"} if "review_item" in name else {}))


@pytest.mark.parametrize("number", IN_PATHS)
def test_in_the_path(world: World, number: str) -> None:
    wrong, asked = {}, 0
    for name, address in ADDRESSES.items():
        kwargs = {a: getattr(world.ours, row) for a, row in address.rows.items()}
        for argument in (a for a in kwargs if isinstance(kwargs[a], int)):
            url = reverse(name, kwargs=kwargs | {argument: ID}).replace(str(ID), number)
            for method in sorted(address.methods):
                asked += 1
                status = ask(reader(world, address), method, url).status_code
                if status not in {302, 404}:
                    wrong[f"{method} {name} {argument}"] = status
    assert_none(wrong.items())
    assert asked > 50
    for url in admin_addresses(world):
        if str(ID) in url:
            changed = url.replace(str(ID), number)
            assert ask(world.readers["operator"], "GET", changed).status_code < 500


def few() -> list[str]:
    """Return a number of each kind; PostgreSQL only gets those that Python reads."""
    names = FEW if connection.vendor == "sqlite" else [n for n in FEW if n in _OF_DATABASES]
    return [NUMBERS[name] for name in names]


@pytest.mark.services
def test_in_the_query(world: World) -> None:
    wrong, in_all = {}, [dict.fromkeys(QUERIES, number) for number in few()]
    for name, address in ADDRESSES.items():
        if "GET" in address.methods:
            url, client = where(name, address, world.ours), reader(world, address)
            # Of a query that says nothing a page asks for each name that it knows.
            with undrawn(), looked_at() as names:
                answers = [client.get(url)]
            answers += [client.get(url, query) for query in in_all]
            alone = [name for name in ALONE if name in names]
            with undrawn():
                answers += [client.get(url, query) for query in one_by_one(alone)]
            if name != "readyz" and any(answer.status_code >= 500 for answer in answers):
                wrong[name] = [answer.status_code for answer in answers]
    assert_none(wrong.items())
    for url, query in itertools.product(admin_addresses(world), in_all):
        assert world.readers["operator"].get(url, query).status_code < 500


@contextmanager
def looked_at() -> Iterator[set[str]]:
    """Gather the names that pages ask queries for."""
    names: set[str] = set()
    read = QueryDict.__getitem__

    def noting(self: QueryDict, name: str) -> str:
        names.add(name)
        return read(self, name)

    def noting_list(self: QueryDict, name: str, default: object = None) -> object:
        names.add(name)
        return read_list(self, name, default)

    read_list = QueryDict.getlist
    with pytest.MonkeyPatch.context() as patch:
        # `get` goes through the first, and forms through either.
        patch.setattr(QueryDict, "__getitem__", noting)
        patch.setattr(QueryDict, "getlist", noting_list)
        yield names


def one_by_one(fields: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield fields by themselves: what is wrong with one may keep the others from being read."""
    if NUMBERS["5,000 digits"] in few():
        for name in list(fields)[:15]:
            yield {name: NUMBERS["5,000 digits"]}


def forms_of(response: HttpResponse) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (action, fields) of each form of the page's main part that posts."""
    page = BeautifulSoup(response.content, "html.parser")
    for form in page.select("main form[method=post], #content form[method=post]"):
        named = form.find_all(["input", "select", "textarea", "button"], attrs={"name": True})
        yield form.get("action") or "", {field["name"]: field.get("value") or "" for field in named}


def view_of(url: str) -> str:
    """Return the name of what answers there."""
    try:
        return resolve(url.partition("?")[0]).view_name
    except Resolver404:
        return url


@pytest.mark.services
@pytest.mark.parametrize("alone", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_in_forms(world: World, *, alone: bool) -> None:
    """In all fields of a form at once, and at night in each of them alone."""
    if alone and not list(one_by_one(ALONE)):
        pytest.skip("Python refuses these, whatever the database.")
    wrong, sent, seen = {}, 0, set()
    pages = [
        (reader(world, address), where(name, address, world.ours))
        for name, address in ADDRESSES.items()
        if "GET" in address.methods
    ]
    pages += [(world.readers["operator"], url) for url in admin_addresses(world)]
    for client, url in pages:
        response = client.get(url)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            continue
        for action, fields in forms_of(response):
            # The same form with the same fields stands on many pages.
            kind = (view_of(action or url), *sorted(fields))
            if kind in seen:
                continue
            seen.add(kind)
            sent += 1
            filled_in = [dict.fromkeys(fields, number) for number in few()]
            if alone:
                filled_in = [fields | one for one in one_by_one(fields)]
            with undrawn() if alone else nullcontext():
                said = [send(client, action or url, data).status_code for data in filled_in]
            if max(said, default=0) >= 500:
                wrong[f"{url} {action}"] = said
    assert_none(wrong.items())
    assert sent > 40


@pytest.mark.parametrize("name", ["template_preview", "signature_preview"])
@pytest.mark.parametrize("number", EACH)
def test_in_previews(world: World, name: str, number: str) -> None:
    fields = dict.fromkeys(
        ("version", "signature", "sample", "body", "sms_type", "content"), number
    )
    response = send(world.readers["owner"], reverse(f"templates_app:{name}"), fields)
    assert response.status_code in {200, 404}
