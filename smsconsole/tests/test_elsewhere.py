"""A link to a row of another of one's organizations offers to switch, and tells nobody else."""

from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from accounts.models import Member, Organization, User
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from smsconsole.tests.address import OPERATE, Address
from smsconsole.tests.addresses import ADDRESSES
from smsconsole.tests.test_every_url import ask, assert_none
from smsconsole.tests.world import Rows, World

OFFER = "This page belongs to another organization"


def pages(rows: Rows) -> Iterator[tuple[str, Address, str]]:
    """Yield every page that names a row of an organization."""
    for name, address in ADDRESSES.items():
        kwargs = {argument: getattr(rows, row) for argument, row in address.rows.items()}
        names_a_row = any(isinstance(value, int) for value in kwargs.values())
        is_page = "GET" in address.methods and not name.startswith(("account_", "mfa_"))
        if is_page and names_a_row and address.needs != OPERATE:
            yield name, address, reverse(name, kwargs=kwargs)


def test_a_deep_link_to_any_kind_of_row_offers_to_switch(world: World):
    ours = Organization.objects.get(pk=world.ours.organization)
    wrong, asked = [], 0
    for name, address, url in pages(world.ours):
        response = ask(world.neighbour, "GET", url)
        html = response.content.decode()
        asked += 1
        switch = reverse("accounts:switch", args=[ours.pk])
        if response.status_code != 404 or OFFER not in html or switch not in html:
            wrong.append(f"{name} {address.needs}: {response.status_code}")
    assert_none(wrong)
    assert asked >= 25


def test_it_leads_to_the_page_after_switching(world: World):
    url = reverse("templates_app:template_detail", args=[world.ours.text_template]) + "?a=1"
    client = world.neighbour
    assert client.get(url).status_code == 404
    switch = reverse("accounts:switch", args=[world.ours.organization])
    assert client.post(switch, {"open": url})["Location"] == url
    assert client.get(url).status_code == 200
    for bad in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        assert client.post(switch, {"open": bad})["Location"] == "/"


def test_nobody_learns_of_rows_they_may_not_see(world: World):
    """Strangers, members without the permission there, and members of a third organization."""
    third = make_member(Role.OWNER)
    viewer = _also_in(world, third.user, Role.VIEWER)
    outsider = make_member(Role.OWNER, third.organization)
    make_member(Role.OWNER, user=outsider.user)
    wrong = []
    for name, address, url in pages(world.ours):
        wrong += [
            f"{name} tells strangers"
            for reader in (world.stranger, _working_in(third, outsider.user))
            if OFFER in ask(reader, "GET", url).content.decode()
        ]
        offered = OFFER in ask(viewer, "GET", url).content.decode()
        if offered is not (address.needs == "view"):
            wrong.append(f"{name} needs {address.needs}; a viewer there is offered: {offered}")
    assert_none(wrong)
    missing = reverse("send_tasks:detail", args=[99_999_999])
    assert OFFER not in world.neighbour.get(missing).content.decode()


def _also_in(world: World, user: User, role: Role) -> Client:
    here = Member.objects.filter(user=user).get()
    make_member(role, Organization.objects.get(pk=world.ours.organization), user)
    return log_in(Client(), here)


def _working_in(place: Member, user: User) -> Client:
    return log_in(Client(), Member.objects.get(user=user, organization=place.organization))


def test_looking_elsewhere_changes_nothing(world: World):
    client = world.neighbour
    before = dict(client.session.items())
    retry = reverse("send_tasks:retry", args=[world.ours.task])
    assert client.get(retry).status_code == 404
    after = dict(client.session.items())
    assert {key: after.get(key) for key in before} == before
    assert "No message in this task" not in client.get("/").content.decode()
