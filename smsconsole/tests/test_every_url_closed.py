"""Every address of the console while an organization is suspended, or a second step is missing."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actions import suspend
from accounts.models import Organization
from accounts.roles import may
from accounts.tests.factories import make_operator
from smsconsole.tests.address import CLOSED_BY_SUSPENSION
from smsconsole.tests.addresses import ADDRESSES, WITHOUT_SECOND_STEP
from smsconsole.tests.page_rules import faults
from smsconsole.tests.test_every_url import (
    ROLES,
    admin_requests,
    ask,
    assert_none,
    is_refused,
    refusal,
    where,
)
from smsconsole.tests.world import World

# --- A suspended organization ---------------------------------------------------------------------


@pytest.mark.parametrize("reader", ROLES)
def test_suspended_nothing_that_sends_or_prepares_it_can_be_pressed(
    world: World, reader: str
) -> None:
    organization = Organization.objects.get(pk=world.ours.organization)
    suspend(
        organization,
        actor=make_operator(),
        reason="Complaints & worse.",
        cancels=False,
        stop=lambda: None,
    )
    client = world.readers[reader]
    wrong = []
    for name, address in ADDRESSES.items():
        # All else is the same for every role that may: one of them asks for it.
        if address.needs not in CLOSED_BY_SUSPENSION and reader != "owner":
            continue
        closed = address.needs in CLOSED_BY_SUSPENSION and may(ROLES[reader], address.needs)
        denied = (403, "") if closed else refusal(reader, address)
        for method in sorted(address.methods):
            response = ask(client, method, where(name, address, world.ours))
            expected = address.shows if method == "GET" else address.takes
            if denied is None and response.status_code not in expected:
                wrong.append(f"{method} {name}: {response.status_code}, not {sorted(expected)}")
            if denied and not is_refused(response, *denied):
                wrong.append(f"{method} {name}: {response.status_code}, not {denied}")
            wrong += [f"{method} {name}: {fault}" for fault in unsaid(response, closed=closed)]
    assert_none(wrong)


def unsaid(response: HttpResponse, *, closed: bool) -> Iterator[str]:
    """Yield what a page of a suspended organization should say and does not."""
    page = response.content.decode(errors="replace")
    if 'class="sidenav"' not in page:
        return
    if "Complaints &amp; worse." not in page:
        yield "the reason is missing"
    if closed and "This page sends or prepares sending" not in page:
        yield "it does not say why it is closed"
    if f'href="{reverse("send_tasks:compose")}' in page:
        yield "there is a way to Send"
    yield from faults(page)


def test_suspended_these_are_closed() -> None:
    """Each is named once more: a new page that prepares sending must not stay open unseen."""
    closed = {name for name, each in ADDRESSES.items() if each.needs in CLOSED_BY_SUSPENSION}
    assert closed == {
        "customers:change",
        "customers:create",
        "customers:edit",
        "customers:field_move",
        "customers:field_remove",
        "customers:field_rename",
        "customers:fields",
        "customers:import_file",
        "customers:merge",
        "developers:unmatched_remove",
        "developers:unmatched_template",
        "groups:create",
        "groups:delete",
        "groups:enter",
        "groups:import_columns",
        "groups:import_file",
        "groups:import_read_again",
        "groups:remove",
        "groups:rename",
        "groups:unsuppress",
        "inbox:unsuppress",
        "send_tasks:compose",
        "send_tasks:draft_delete",
        "send_tasks:drafts",
        "send_tasks:read_again",
        "send_tasks:resume",
        "send_tasks:retry",
        "send_tasks:sample",
        "send_tasks:change_time",
        "send_tasks:send",
        "send_tasks:send_first",
        "send_tasks:send_now",
        "send_tasks:try_row",
        "templates_app:signature_appeal",
        "templates_app:signature_create",
        "templates_app:signature_delete",
        "templates_app:signature_edit",
        "templates_app:signature_new_version",
        "templates_app:signature_preview",
        "templates_app:signature_questions",
        "templates_app:signature_submit",
        "templates_app:signature_withdraw",
        "templates_app:template_add_language",
        "templates_app:template_appeal",
        "templates_app:template_create",
        "templates_app:template_delete",
        "templates_app:template_duplicate",
        "templates_app:template_edit",
        "templates_app:template_new_version",
        "templates_app:template_preview",
        "templates_app:template_questions",
        "templates_app:template_submit",
        "templates_app:template_withdraw",
    }


# --- The second step ------------------------------------------------------------------------------


def admin_addresses(world: World) -> Iterator[str]:
    """Yield every address of the administration."""
    yield from (url for _model, _verb, url, _exists in admin_requests())
    yield from (reverse(name) for name in ("admin:index", "admin:review_desk", "admin:jsi18n"))
    kinds = {"kind": "template", "pk": world.ours.pending_template_version}
    yield reverse("admin:review_item", kwargs=kinds)


def without_second_step(world: World, reader: str) -> Client:
    """Return a reader who must have a second step and has none."""
    Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).delete()
    Organization.objects.filter(pk=world.ours.organization).update(needs_second_step=True)
    return world.readers[reader]


def is_led_to_it(response: HttpResponse) -> bool:
    return response.headers.get("Location") == reverse("mfa_index")


# It is asked for before anybody looks at the role.
@pytest.mark.parametrize("reader", ["owner", "viewer", "reviewer", "operator"])
def test_who_must_have_a_second_step_and_has_none_sees_only_the_way_to_it(
    world: World, reader: str
) -> None:
    client = without_second_step(world, reader)
    wrong = []
    for name, address in ADDRESSES.items():
        for method in sorted(address.methods):
            response = ask(client, method, where(name, address, world.ours))
            if is_led_to_it(response) is (name in WITHOUT_SECOND_STEP):
                wrong.append(f"{method} {name}: {response.status_code}")
    assert_none(wrong)


@pytest.mark.parametrize("reader", ["reviewer", "operator"])
def test_staff_without_a_second_step_see_nothing_of_the_administration(
    world: World, reader: str
) -> None:
    client = without_second_step(world, reader)
    found = {url: ask(client, "GET", url) for url in admin_addresses(world)}
    assert_none(url for url, answer in found.items() if not is_led_to_it(answer))


def test_the_page_says_why(world: World) -> None:
    page = without_second_step(world, "sender").get(reverse("mfa_index")).text
    assert "Harbourline Ltd requires a second step to sign in." in page
    page = world.readers["reviewer"].get(reverse("mfa_index")).text
    assert "Staff see the data of every organization" in page
