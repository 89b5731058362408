"""A circuit opens when its gateway fails, lets one message try it, and closes when that is well."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from sending.delivery.queue import circuit_breaker
from sending.delivery.queue.claims import claim, to_hand_back
from sending.models import Batch, BindSlot, Circuit, CircuitCount, Gateway
from sending.tests.delivery.fakes import a_sending_task
from sending.tests.factories import make_gateway

pytestmark = pytest.mark.django_db
START = timezone.now()


def at(seconds):
    return START + timedelta(seconds=seconds)


@pytest.fixture
def gateway():
    """A gateway with a connection, and a circuit that closed long ago."""
    gateway = make_gateway(rate=1000)
    BindSlot.objects.create(
        gateway=gateway,
        number=1,
        owner="journal",
        bound_at=START,
        lease_until=at(10_000),
    )
    Circuit.objects.create(gateway=gateway, changed_at=at(-10_000))
    return gateway


def happens(gateway, seconds, **figures):
    CircuitCount.objects.create(gateway_id=gateway.pk, at=at(seconds), **figures)


def circuit_after(gateway, seconds):
    circuit_breaker.watch(at(seconds))
    return Circuit.objects.get(pk=gateway.pk)


@pytest.mark.parametrize(
    ("figures", "cause"),
    [
        ({"answered": 30}, None),
        ({"answered": 5, "refused": 14}, None),
        ({"answered": 60, "refused": 40}, None),
        ({"answered": 10, "refused": 10}, "REFUSED"),
        ({"answered": 9, "refused": 11, "unanswered": 30}, "UNANSWERED"),
        ({"unbound": 5}, None),
    ],
)
def test_it_opens_when_half_of_enough_submissions_fail(gateway, figures, cause):
    happens(gateway, -30, **figures)
    circuit = circuit_after(gateway, 0)
    assert (circuit.state, circuit.cause) == (("OPEN", cause) if cause else ("CLOSED", ""))


def test_what_is_older_than_a_minute_or_than_the_last_change_is_forgotten(gateway):
    happens(gateway, -61, refused=100)
    assert circuit_after(gateway, 0).state == "CLOSED"
    happens(gateway, -30, refused=100)
    Circuit.objects.update(changed_at=at(-20))
    assert circuit_after(gateway, 0).state == "CLOSED"


def test_it_opens_when_no_connection_can_be_made(gateway):
    BindSlot.objects.update(bound_at=None)
    happens(gateway, -10, unbound=2)
    assert circuit_after(gateway, 0).state == "CLOSED"
    happens(gateway, -1, unbound=1)
    circuit = circuit_after(gateway, 0)
    assert (circuit.state, circuit.cause, circuit.failed) == ("OPEN", "UNBOUND", 3)
    assert circuit_after(gateway, 1000).state == "OPEN", "there is nothing to try it with"


@pytest.mark.parametrize(
    ("accepted", "receipts", "brought", "state"),
    [
        (100, 5, True, "OPEN"),
        (100, 11, True, "CLOSED"),
        (49, 0, True, "CLOSED"),
        (100, 0, False, "CLOSED"),
    ],
)
def test_it_opens_when_receipts_stay_away_that_used_to_come(
    gateway, accepted, receipts, brought, state
):
    if brought:
        Circuit.objects.update(receipt_at=at(-3600))
    happens(gateway, -330, answered=accepted, accepted=accepted)
    happens(gateway, -200, receipts=receipts)
    # The figure of receipts is noted in watch, which must not count as one that used to come.
    CircuitCount.objects.filter(receipts=0, accepted=0).delete()
    assert circuit_after(gateway, 0).state == state


def test_receipts_that_nobody_asks_for_are_not_missing(gateway):
    Gateway.objects.update(registered_delivery=False)
    Circuit.objects.update(receipt_at=at(-3600))
    happens(gateway, -330, answered=100, accepted=100)
    assert circuit_after(gateway, 0).state == "CLOSED"


def test_a_circuit_that_waited_for_receipts_closes_when_they_are_no_longer_asked_for(gateway):
    Gateway.objects.update(registered_delivery=False)
    Circuit.objects.update(state="HALF_OPEN", cause="NO_RECEIPTS", changed_at=at(0))
    happens(gateway, 1, answered=1, accepted=1)
    assert circuit_after(gateway, 2).state == "CLOSED"


def test_who_opened_and_why_is_written_down(gateway):
    happens(gateway, -1, answered=9, unanswered=41)
    circuit_after(gateway, 0)
    entry = AuditEntry.objects.get(action="gateway.circuit_open")
    assert entry.subject == gateway.name
    assert entry.actor is None
    assert entry.details == {"cause": "UNANSWERED", "failed": 41, "looked_at": 50}


def test_several_workers_take_a_step_once(gateway):
    happens(gateway, -1, refused=50)
    stale = Circuit.objects.select_related("gateway").get(pk=gateway.pk)
    fault = circuit_breaker.CircuitFault(Circuit.Cause.REFUSED, 50, 50)
    for circuit in (stale, Circuit.objects.select_related("gateway").get(pk=gateway.pk)):
        circuit_breaker._open(circuit, fault, at(0))
    assert AuditEntry.objects.filter(action="gateway.circuit_open").count() == 1


def test_a_probe_that_goes_well_closes_it(gateway):
    happens(gateway, -1, refused=50)
    assert circuit_after(gateway, 0).state == "OPEN"
    assert circuit_after(gateway, 9).state == "OPEN"
    assert circuit_after(gateway, 10).state == "HALF_OPEN"
    assert circuit_after(gateway, 11).state == "HALF_OPEN", "nothing was tried yet"
    happens(gateway, 12, answered=1, accepted=1)
    circuit = circuit_after(gateway, 13)
    assert circuit.state == "CLOSED"
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    steps = [action for action in actions if action.startswith("gateway.circuit")]
    assert steps == [
        "gateway.circuit_open",
        "gateway.circuit_half_open",
        "gateway.circuit_closed",
    ]


def test_a_probe_that_fails_opens_it_for_longer_but_never_for_long(gateway):
    happens(gateway, -1, refused=50)
    now, rests = 0, []
    circuit = circuit_after(gateway, now)
    for _ in range(4):
        rests.append((circuit.probe_at - at(now)).total_seconds())
        now += rests[-1]
        assert circuit_after(gateway, now).state == "HALF_OPEN"
        happens(gateway, now + 0.5, unanswered=1)
        now += 1
        circuit = circuit_after(gateway, now)
        assert circuit.state == "OPEN"
    assert rests == [10, 20, 30, 30]


def test_missing_receipts_are_proven_by_a_receipt_only(gateway):
    Circuit.objects.update(
        state="HALF_OPEN", cause="NO_RECEIPTS", changed_at=at(0), receipt_at=at(-3600)
    )
    happens(gateway, 1, answered=1, accepted=1)
    assert circuit_after(gateway, 2).state == "HALF_OPEN"
    assert circuit_after(gateway, 301).state == "OPEN"
    Circuit.objects.update(state="HALF_OPEN", changed_at=at(400))
    happens(gateway, 401, receipts=1)
    assert circuit_after(gateway, 402).state == "CLOSED"


def test_a_person_can_ask_for_the_probe_now(gateway):
    assert not circuit_breaker.probe_now(gateway.pk), "it is closed"
    happens(gateway, -1, refused=50)
    circuit_after(gateway, 0)
    assert circuit_breaker.probe_now(gateway.pk)
    Circuit.objects.update(probe_at=at(1))
    assert circuit_after(gateway, 1).state == "HALF_OPEN"


def test_an_open_circuit_claims_nothing_and_hands_back_all(gateway):
    task = a_sending_task(3, gateway=gateway)
    Circuit.objects.update(state="OPEN")
    assert not claim(gateway, "journal", 10).open
    assert to_hand_back(gateway, [task.pk]) is None
    Circuit.objects.update(state="CLOSED")
    assert to_hand_back(gateway, [task.pk]) == (set(), set())


def test_a_half_open_circuit_lets_one_message_pass_at_a_time(gateway):
    a_sending_task(3, gateway=gateway)
    Circuit.objects.update(state="HALF_OPEN")
    first = claim(gateway, "journal", 10)
    assert len(first.outgoing) == 1
    assert not claim(gateway, "other", 10).open
    Batch.objects.exclude(owner="").delete()
    assert len(claim(gateway, "journal", 10).outgoing) == 1


def test_outcomes_are_kept_for_minutes_only(gateway):
    for minutes in (14, 16):
        moment = timezone.now() - timedelta(minutes=minutes)
        CircuitCount.objects.create(gateway_id=gateway.pk, at=moment, answered=minutes)
    assert circuit_breaker.forget() == 1
    assert CircuitCount.objects.get().answered == 14


def test_stopped_gateways_are_not_judged(gateway):
    Gateway.objects.update(mode="stopped")
    happens(gateway, -1, refused=50)
    assert circuit_after(gateway, 0).state == "CLOSED"
