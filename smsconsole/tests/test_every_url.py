"""Every address with every kind of reader, and with ids of another organization."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import Template
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import Organization
from accounts.roles import Role
from smsconsole.tests.address import OPERATE, PERSON, PUBLIC, Address
from smsconsole.tests.addresses import (
    ADDRESSES,
    ADMIN_MODELS,
    ADMIN_PAGES,
    ADMIN_VERBS,
    DESK,
    is_known,
    walk,
)
from smsconsole.tests.page_rules import faults
from smsconsole.tests.services_rooms import on_one_database
from smsconsole.tests.world import MEMBERS, Rows, World

LOGIN = "/accounts/login/"
START = "/settings/organizations/new/"
ROLES = {role.value.lower(): role for role in Role}
READERS = ["anonymous", "newcomer", *ROLES, "reviewer", "operator"]
NEITHER_OURS_NOR_THEIRS = {"token", "key", "uidb36", "slug", "kind"}
WITH_RIGHTS = [name for name in MEMBERS if name not in ROLES]
# Between them they get every page and do everything; what others may not is said by no database.
DO_EVERYTHING = {"owner", "operator", "reviewer"}
# Between them they get every page in every form: what others see is between theirs.
SEE_EVERYTHING = {*DO_EVERYTHING, "viewer", "newcomer", "anonymous"}
# Those of a role who see more or less of its pages may open the same.
READERS_OF_ALL = [
    *on_one_database(DO_EVERYTHING, READERS),
    *(pytest.param(name, marks=[pytest.mark.once, pytest.mark.nightly]) for name in WITH_RIGHTS),
]


def ask(client: Client, method: str, url: str) -> HttpResponse:
    """Return the answer; afterwards neither database nor client remembers the request."""
    cookies = SimpleCookie({name: morsel.value for name, morsel in client.cookies.items()})
    try:
        with transaction.atomic():
            response = client.generic(method, url, content_type="application/x-www-form-urlencoded")
            # A download is made while it is read.
            body = b"".join(response.streaming_content) if response.streaming else None
            if body is not None:
                response = HttpResponse(body, status=response.status_code, headers=response.headers)
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return response


@contextmanager
def undrawn() -> Iterator[None]:
    """Leave pages undrawn: their status is decided before, and others look at them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda *_page: "")
        yield


def where(name: str, address: Address, rows: Rows) -> str:
    """Return the address filled in with the rows of one organization."""
    kwargs = {argument: getattr(rows, row) for argument, row in address.rows.items()}
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch as error:
        pytest.fail(f"{name}: the table has other arguments than the address ({error})")


def assert_none(found: Iterable[object]) -> None:
    """Fail with one line each."""
    lines = "\n".join(map(str, found))
    assert not lines, f"\n{lines}"


def refusal(reader: str, address: Address) -> tuple[int, str] | None:
    """Return (status, where to) of the answer to a reader who may not; None for one who may."""
    if address.needs == PUBLIC:
        return None
    if reader == "anonymous":
        return 302, LOGIN
    if address.needs == PERSON:
        return None
    if address.needs == OPERATE:
        return None if reader == "operator" else (403, "")
    if reader not in MEMBERS:
        return 302, START
    return None if MEMBERS[reader].may(address.needs) else (403, "")


def test_every_address_is_known() -> None:
    found = list(walk())
    assert_none(entry for entry in found if not is_known(*entry))
    names = {name for name, _ in found}
    assert_none(name for name in [*ADDRESSES, *ADMIN_PAGES, *DESK] if name not in names)


def test_an_unknown_address_would_be_found() -> None:
    assert not is_known("send_tasks:secret", "tasks/secret/")
    assert not is_known("admin:sending_message_changelist", "admin/sending/message/")
    assert not is_known("admin:", "admin/sending/message/<path:object_id>/")


# Which tasks wait for a second person: none, those above a number, all.
APPROVAL = {"never": None, "above": 3, "always": 0}
# Only these look at that, so that it changes no answer of the others. What comes of forms that are
# filled in is in test_approval_matrix.py.
LOOK_AT_APPROVAL = {
    "accounts:settings",
    "accounts:send_approval",
    "send_tasks:check",
    "send_tasks:send",
    "send_tasks:send_now",
}


def requests_of_the_matrix() -> Iterator[tuple[str, Address, str, int | None]]:
    """Yield (name, address, method, approval setting)."""
    for name, address in ADDRESSES.items():
        settings = APPROVAL.values() if name in LOOK_AT_APPROVAL else [0]
        for method, above in itertools.product(sorted(address.methods), settings):
            yield name, address, method, above


class Watched:
    """Notes who reads a field of a model: stands in for it."""

    def __init__(self, field: str) -> None:
        self.field, self.read = field, False

    def __get__(self, row: Any, model: type) -> Any:
        self.read = True
        return row.__dict__[self.field] if row else self

    def __set__(self, row: Any, value: Any) -> None:
        row.__dict__[self.field] = value

    def see(self, execute: Any, sql: str, *rest: Any) -> Any:
        """Run a statement; one that names the field and not the whole row asks for it."""
        if f'"{self.field}"' in sql and '"time_zone"' not in sql:
            self.read = True
        return execute(sql, *rest)


@pytest.fixture
def approval(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Notes whether a request looks at the approval setting."""
    watched = Watched("approval_above")
    monkeypatch.setattr(Organization, "approval_above", watched)
    with connection.execute_wrapper(watched.see):
        yield watched


@pytest.mark.parametrize("reader", READERS_OF_ALL)
def test_every_reader_gets_what_the_role_allows(
    world: World, reader: str, approval: Watched
) -> None:
    client = world.readers[reader]
    own = Organization.objects.filter(pk=world.ours.organization)
    draws = reader in SEE_EVERYTHING
    wrong, looked = [], set()
    for name, address, method, above in requests_of_the_matrix():
        # Somebody without an organization has none to switch to.
        if name == "accounts:switch" and reader not in {*MEMBERS, "anonymous"}:
            continue
        own.update(approval_above=above)
        denied = refusal(reader, address)
        approval.read = False
        with nullcontext() if draws else undrawn():
            response = ask(client, method, where(name, address, world.ours))
        if approval.read:
            looked.add(name)
        expected = address.shows if method == "GET" else address.takes
        if denied is None and response.status_code not in expected:
            wrong.append(f"{method} {name}: {response.status_code}, not {sorted(expected)}")
        if denied and not is_refused(response, *denied):
            wrong.append(f"{method} {name}: {response.status_code}, not {denied}")
        if denied is None and method == "GET" and draws:
            wrong += [f"{name}: {fault}" for fault in faults_of(response)]
    assert_none(wrong)
    assert_none(looked - LOOK_AT_APPROVAL)
    if reader == "owner":
        assert looked == LOOK_AT_APPROVAL


def faults_of(response: HttpResponse) -> list[str]:
    """Return which rules for pages one breaks, if it is a page; no database changes that."""
    if connection.vendor != "sqlite":
        return []
    is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
    return list(faults(response.content.decode())) if is_page else []


def is_refused(response: HttpResponse, status: int, to: str) -> bool:
    location = response.headers.get("Location", "")
    return response.status_code == status and location.startswith(to)


def allowed(world: World, address: Address) -> Client:
    """Return a reader who may ask for an address."""
    return world.readers["operator" if address.needs == OPERATE else "owner"]


@pytest.mark.once
def test_a_link_never_does_what_a_button_does(world: World) -> None:
    buttons = {name: each for name, each in ADDRESSES.items() if "GET" not in each.methods}
    found = {
        name: ask(allowed(world, address), "GET", where(name, address, world.ours)).status_code
        for name, address in buttons.items()
    }
    assert_none((name, status) for name, status in found.items() if status != 405)


@pytest.mark.once
def test_a_page_to_read_takes_nothing(world: World) -> None:
    pages = {name: each for name, each in ADDRESSES.items() if "POST" not in each.methods}
    found = {
        name: ask(allowed(world, address), "POST", where(name, address, world.ours)).status_code
        for name, address in pages.items()
    }
    # Pages of allauth without an occasion lead on, or are not there.
    harmless = {200, 302, 404, 405}
    assert_none((name, status) for name, status in found.items() if status not in harmless)


def foreign(world: World, name: str, address: Address) -> Iterator[str]:
    """Yield the address with every mixture of our and their ids that has one of ours in it.

    The readers of these belong to the other organization, or work in it just now.
    """
    arguments = [a for a in address.rows if a not in NEITHER_OURS_NOR_THEIRS]
    for owners in itertools.product((world.ours, world.theirs), repeat=len(arguments)):
        if world.ours in owners:
            kwargs = {
                argument: getattr(rows, address.rows[argument])
                for argument, rows in zip(arguments, owners, strict=True)
            }
            yield reverse(name, kwargs=kwargs)


@pytest.mark.services
@pytest.mark.parametrize("reader", ["stranger", "neighbour"])
def test_ids_of_another_organization_do_not_exist(world: World, reader: str) -> None:
    client = getattr(world, reader)
    found, asked = {}, 0
    for name, address in ADDRESSES.items():
        # Operators see every organization, and nobody else sees their pages.
        if address.needs == OPERATE:
            continue
        # Whoever belongs to both organizations may switch.
        if NEITHER_OURS_NOR_THEIRS & set(address.rows) or (
            name == "accounts:switch" and reader == "neighbour"
        ):
            continue
        for url, method in itertools.product(foreign(world, name, address), address.methods):
            asked += 1
            if (status := ask(client, method, url).status_code) != 404:
                found[f"{method} {name} {url}"] = status
    assert_none(found.items())
    assert asked >= 50


@pytest.mark.once
def test_no_post_is_taken_without_its_token(world: World) -> None:
    owner = world.readers["owner"]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = SimpleCookie({name: m.value for name, m in owner.cookies.items()})
    # Programs have no session that somebody else could use.
    taken = [
        name
        for name, address in ADDRESSES.items()
        if not name.startswith("api:")
        and ask(strict, "POST", where(name, address, world.ours)).status_code != 403
    ]
    assert_none(taken)


def test_every_page_of_an_organization_in_use_keeps_the_rules(world: World) -> None:
    """Those of ours, for every reader, are part of the walk above."""
    found, seen = {}, 0
    for name, address in ADDRESSES.items():
        if "GET" in address.methods and not refusal("stranger", address):
            response = ask(world.stranger, "GET", where(name, address, world.theirs))
            seen += response.status_code == 200
            if wrong := faults_of(response):
                found[name] = wrong
    assert_none(found.items())
    assert seen


# --- The administration ---------------------------------------------------------------------------


def admin_rows() -> dict[str, int]:
    """Return {model: the id of one row} of the models that have a row in the world."""
    rows = {
        name: apps.get_model(*name.rsplit("_", 1)).objects.order_by("pk") for name in ADMIN_MODELS
    }
    return {name: found[0].pk for name, found in rows.items() if found}


def admin_requests() -> Iterator[tuple[str, str, str, bool]]:
    """Yield (model, verb, address, whether the row exists)."""
    rows = admin_rows()
    for model, verb in itertools.product(ADMIN_MODELS, ADMIN_VERBS):
        pk = [rows.get(model, 1)] if verb in {"change", "history", "delete"} else []
        yield model, verb, reverse(f"admin:{model}_{verb}", args=pk), not pk or model in rows


@pytest.mark.parametrize("reader", on_one_database(DO_EVERYTHING, READERS))
def test_the_administration_is_for_staff_with_the_right(world: World, reader: str) -> None:
    client = world.readers[reader]
    wrong = {}
    for model, verb, url, exists in admin_requests():
        allowed = getattr(ADMIN_MODELS[model], reader, frozenset())
        status = ask(client, "GET", url).status_code
        if reader not in {"reviewer", "operator"}:
            expected = {302, 403}
        elif ADMIN_VERBS[verb] in allowed and exists:
            expected = {200}
        else:
            expected = {302, 403}
        if status not in expected:
            wrong[url] = status
    assert_none(wrong.items())


def test_the_pages_around_the_models(world: World) -> None:
    arguments = {
        "admin:view_on_site": {"content_type_id": 0, "object_id": 0},
        "admin:app_list": {"app_label": "sending"},
        "admin:auth_user_password_change": {"id": world.ours.user},
    }
    for name, expected in ADMIN_PAGES.items():
        url = reverse(name, kwargs=arguments.get(name))
        assert ask(world.readers["operator"], "GET", url).status_code in expected, name
        stranger = ask(world.readers["anonymous"], "GET", url).status_code
        assert stranger in {200, 302, 405} if name == "admin:login" else stranger in {302, 405}


@pytest.mark.parametrize("reader", on_one_database(DO_EVERYTHING, READERS))
def test_only_staff_with_the_right_work_at_the_desk(world: World, reader: str) -> None:
    client = world.readers[reader]
    for name, rows in DESK.items():
        kwargs = {argument: getattr(world.ours, row) for argument, row in rows.items()}
        if name == "admin:review_item":
            kwargs["kind"] = "template"
        response = ask(client, "GET", reverse(name, kwargs=kwargs))
        if reader == "reviewer":
            assert response.status_code == 200, name
            if response["Content-Type"].startswith("text/html"):
                assert_none(faults(response.content.decode()))
            if rows:
                missing = reverse(name, kwargs={**kwargs, "pk": 99_999_999})
                assert ask(client, "GET", missing).status_code == 404
        else:
            assert response.status_code in {302, 403}, name


def test_a_decision_is_not_taken_without_words(world: World) -> None:
    row = world.ours.pending_template_version
    url = reverse("admin:review_item", kwargs={"kind": "template", "pk": row})
    assert ask(world.readers["reviewer"], "POST", url).status_code == 200
    assert ask(world.readers["owner"], "POST", url).status_code in {302, 403}


def test_an_address_nobody_serves_is_not_found(world: World) -> None:
    for url in ("/nothing/here/", "/tasks/99999999999999999999999/", "/content/templates/0/"):
        assert ask(world.readers["owner"], "GET", url).status_code == 404, url
    assert ask(world.readers["operator"], "GET", "/admin/nothing/here/").status_code == 404
