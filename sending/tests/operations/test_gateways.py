"""The page of gateways and its buttons."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member, make_reviewer
from sending.lifecycle import MessageState
from sending.models import Gateway, Message
from sending.tests.factories import move
from sending.tests.gateways.authority import Authority
from sending.tests.operations.rows import bind, submit

PAGE = "/operations/"


def words(client: Client, url: str = PAGE) -> str:
    return BeautifulSoup(client.get(url).content, "html.parser").get_text(" ", strip=True)


def test_it_shows_what_moves(gateway: Gateway, messages: list[Message], operator: Client) -> None:
    bind(gateway, in_window=4)
    move(messages[:1], MessageState.UNDELIVERABLE, code="001")
    for message in messages:
        submit(message)
    shown = words(operator)
    for figure in ("hk-direct-1", "Bound", "4 of 10", "0.5/s of 50/s", "Unknown subscriber"):
        assert figure in shown


def test_without_gateways_it_says_what_to_do(db: None, operator: Client) -> None:
    assert "No gateway is set up" in words(operator)


def test_it_is_for_operators(gateway: Gateway, client: Client) -> None:
    for who in (make_member(Role.OWNER), make_reviewer()):
        assert log_in(client, who).get(PAGE).status_code == 403
        assert "Operations" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("active", "draining", "is draining"),
        ("active", "stopped", "is stopped"),
        ("stopped", "active", "is active"),
    ],
)
def test_a_button_changes_the_mode_and_the_trail_says_who(
    gateway: Gateway, operator: Client, before: str, after: str, says: str
) -> None:
    Gateway.objects.update(mode=before)
    url = reverse("operations:gateway_mode", args=[gateway.pk])
    response = operator.post(url, {"mode": after}, follow=True)
    gateway.refresh_from_db()
    assert gateway.mode == after
    entry = AuditEntry.objects.get(action="gateway.mode_changed")
    assert (entry.details["before"], entry.details["after"]) == (before, after)
    assert entry.actor == response.wsgi_request.user
    page = response.content.decode()
    assert f"hk-direct-1 {says}" in page
    assert f"from {before} to {after}" in page


@pytest.mark.parametrize("mode", ["active", "", "exploded"])
def test_a_button_that_changes_nothing_says_so(
    gateway: Gateway, operator: Client, mode: str
) -> None:
    url = reverse("operations:gateway_mode", args=[gateway.pk])
    response = operator.post(url, {"mode": mode}, follow=True)
    assert "tone-bad" in response.content.decode()
    assert not AuditEntry.objects.filter(action="gateway.mode_changed").exists()


def test_a_gateway_that_is_gone_is_no_error(db: None, operator: Client) -> None:
    response = operator.post("/operations/gateways/999/mode/", {"mode": "stopped"}, follow=True)
    assert "no longer exists" in response.content.decode()


@pytest.mark.parametrize(("days", "says"), [(-1, "expired on"), (12, "expires on"), (45, "")])
def test_a_certificate_near_its_end_is_named(
    gateway: Gateway, operator: Client, days: int, says: str
) -> None:
    ours = Authority().issue("client", days=days)
    Gateway.objects.update(tls=True, tls_certificate=ours.certificate, tls_key=ours.key)
    shown = words(operator)
    assert says in shown
    assert ("A certificate of this gateway" in shown) == (days < 30)
    assert ours.key.splitlines()[1] not in shown


NEVER, NOW, EARLIER, LONG_AGO = None, timedelta(), timedelta(days=2), timedelta(days=8)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        # A receipt for every segment; when two of a message came; when one alone did.
        ((False, NEVER, NEVER), ""),
        ((False, NOW, NEVER), "Turn on"),
        # Which setting is right does not grow old.
        ((False, LONG_AGO, NEVER), "Turn on"),
        ((True, NEVER, NEVER), ""),
        ((True, NOW, NEVER), ""),
        ((True, NEVER, NOW), "turn off"),
        ((True, NEVER, LONG_AGO), ""),
        # Receipts get lost: one alone means something only while none come in twos.
        ((True, EARLIER, NOW), ""),
        ((True, LONG_AGO, NOW), "turn off"),
    ],
)
def test_receipts_that_belie_the_setting_are_named(
    gateway: Gateway,
    operator: Client,
    fields: tuple[bool, timedelta | None, timedelta | None],
    says: str,
) -> None:
    per_segment, *ages = fields
    two, one = (None if age is None else timezone.now() - age for age in ages)
    Gateway.objects.update(
        receipts_per_segment=per_segment, segment_receipts_at=two, lone_receipt_at=one
    )
    shown = words(operator)
    assert ("“a receipt for every segment”" in shown) == bool(says)
    assert says in shown
