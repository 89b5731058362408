"""Trying a gateway from the page of gateways."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending import tasks
from sending.models import ConnectionTest, Gateway
from sending.tests.operations.test_gateways import words


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What the send queue is asked for."""
    calls: list[dict] = []
    monkeypatch.setattr(tasks.test_connection, "delay", lambda **given: calls.append(given))
    return calls


def url_of(gateway: Gateway) -> str:
    return reverse("operations:gateway_try", args=[gateway.pk])


def test_the_button_asks_a_send_worker_once_and_the_trail_says_who(
    gateway: Gateway, operator: Client, asked: list, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        operator.post(url_of(gateway))
        again = operator.post(url_of(gateway), follow=True)
    assert asked == [{"gateway_id": gateway.pk}]
    assert "already being tested" in again.content.decode()
    entry = AuditEntry.objects.get(action="gateway.tried")
    assert (entry.subject, entry.actor.is_staff) == (gateway.name, True)
    shown = words(operator)
    assert "it is being tested now" in shown
    assert "its connection was tried" in shown


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"connected_ms": 12, "bound_ms": 34, "answered_ms": 5},
            ["Connected in 12 ms.", "Bound in 34 ms.", "answered in 5 ms.", "no message was sent"],
        ),
        ({"connected_ms": 7}, ["Connected in 7 ms.", "No request was sent"]),
        (
            {"connected_ms": 7, "trouble": "ESME_RBINDFAIL"},
            ["Connected in 7 ms.", "the system_id or password is wrong", "(ESME_RBINDFAIL)"],
        ),
        ({"trouble": "NO_CONNECTION_IN_TIME"}, ["did not answer in time"]),
        ({"trouble": "TLS_UNTRUSTED: self-signed certificate"}, ["is not trusted"]),
    ],
)
def test_what_came_of_it_stands_beside_the_gateway(
    gateway: Gateway, operator: Client, fields: dict, says: list[str]
) -> None:
    now = timezone.now()
    ConnectionTest.objects.create(gateway=gateway, asked_at=now, ended_at=now, **fields)
    shown = words(operator)
    for part in says:
        assert part in shown


def test_it_says_when_no_worker_took_it_up_and_forgets_after_an_hour(
    gateway: Gateway, operator: Client
) -> None:
    ago = timezone.now() - timedelta(minutes=20)
    ConnectionTest.objects.create(gateway=gateway, asked_at=ago)
    assert "no send worker picked it up" in words(operator)
    ConnectionTest.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    assert "Tested at" not in words(operator)


def test_it_is_for_operators(gateway: Gateway, client: Client, asked: list) -> None:
    response = log_in(client, make_member(Role.OWNER)).post(url_of(gateway))
    assert (response.status_code, asked, ConnectionTest.objects.count()) == (403, [], 0)
