"""Circuits and failovers on the page of gateways, and the button that tries a gateway now."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry
from sending.models import Circuit, FailoverRecord, Gateway
from sending.operations import metrics
from sending.tests.factories import make_gateway
from sending.tests.operations.rows import bind

PAGE = "/operations/"


def words(client: Client) -> str:
    return BeautifulSoup(client.get(PAGE).content, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def circuit(gateway: Gateway) -> Circuit:
    bind(gateway)
    return Circuit.objects.create(
        gateway=gateway,
        state="OPEN",
        cause="UNANSWERED",
        failed=41,
        looked_at=50,
        probe_at=timezone.now() + timedelta(seconds=24),
    )


def test_an_open_circuit_says_why_and_when_it_is_tried(circuit: Circuit, operator: Client) -> None:
    shown = words(operator)
    for text in ("Circuit open", "submissions without an answer: 41 of 50", "1 not working"):
        assert text in shown
    assert 'smsconsole_gateway_circuit_open{gateway="hk-direct-1"} 1.0' in metrics.text().decode()


def test_the_button_tries_it_now_and_the_trail_says_who(circuit: Circuit, operator: Client) -> None:
    response = operator.post(f"{PAGE}gateways/{circuit.pk}/probe/", follow=True)
    circuit.refresh_from_db()
    assert circuit.probe_at is not None
    assert circuit.probe_at <= timezone.now()
    assert "will be tried with the next message" in response.content.decode()
    entry = AuditEntry.objects.get(action="gateway.probed")
    assert entry.actor == response.wsgi_request.user


def test_a_closed_circuit_is_not_tried(gateway: Gateway, operator: Client) -> None:
    for pk in (gateway.pk, 999):
        response = operator.post(f"{PAGE}gateways/{pk}/probe/", follow=True)
        assert "tone-bad" in response.content.decode()
    assert not AuditEntry.objects.filter(action="gateway.probed").exists()


def test_shifts_of_a_day_are_added_up_with_their_reason(gateway: Gateway, operator: Client) -> None:
    other = make_gateway(name="hk-backup")
    now = timezone.now()
    for reason, messages, hours in (
        ("CIRCUIT_OPEN", 5000, 1),
        ("CIRCUIT_OPEN", 20, 2),
        ("ESME_RSYSERR", 7, 3),
        ("STOPPED", 90, 25),
    ):
        FailoverRecord.objects.create(
            from_gateway_id=gateway.pk,
            to_gateway_id=other.pk,
            reason=reason,
            messages=messages,
            at=now - timedelta(hours=hours),
        )
    shown = words(operator)
    assert "hk-direct-1 to hk-backup: 5,020 messages" in shown
    assert "its circuit is open" in shown
    assert "it answered ESME_RSYSERR" in shown
    assert "90 messages" not in shown


def test_what_circuits_did_is_no_change_by_a_person(gateway: Gateway, operator: Client) -> None:
    AuditEntry.record(
        action="gateway.circuit_open",
        subject=gateway,
        organization=None,
        cause="UNBOUND",
        failed=3,
        looked_at=3,
    )
    shown = words(operator)
    assert "hk-direct-1: circuit opened" in shown
    assert "no connection could be made" in shown
    assert "Nobody changed a gateway" in shown
