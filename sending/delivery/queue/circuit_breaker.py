"""Circuits: a gateway that fails gets no more messages until one that it is given goes well."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum

from accounts import shared_time
from accounts.models import AuditEntry
from sending.models import Batch, BindSlot, Circuit, CircuitCount, Gateway

log = logging.getLogger(__name__)
State, Cause = Circuit.State, Circuit.Cause

WINDOW = timedelta(seconds=60)
# Fewer events than these prove nothing.
FEWEST_SUBMISSIONS = 20
FEWEST_UNBOUND = 3
FEWEST_ACCEPTED = 50
# From these shares on the gateway is at fault, and not the numbers it was given.
_FAILING_PERCENT = 50
_MISSING_PERCENT = 90
# A receipt within five minutes is not missing yet.
RECEIPT_PATIENCE = timedelta(minutes=5)
# Who brought none for a day brings none.
_BRINGS_RECEIPTS = timedelta(days=1)
# Time to the first probe, doubled with every one that fails.
FIRST_REST = timedelta(seconds=10)
LONGEST_REST = timedelta(seconds=30)
_FORGOTTEN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class CircuitFault:
    """Why a circuit opens: of `looked_at` events the cause is true for `failed`."""

    cause: Circuit.Cause
    failed: int
    looked_at: int


def count(gateway_id: int, **figures: int) -> None:
    """Note how submissions to a gateway ended; the names are those of Outcome."""
    if any(figures.values()):
        CircuitCount.objects.create(gateway_id=gateway_id, at=shared_time.now(), **figures)


def room(gateway_id: int, limit: int) -> int:
    """Return how many of `limit` messages may be claimed for a gateway now.

    A half-open circuit lets one message pass, and the next when that one is over.
    """
    state = _state_of(gateway_id)
    if state == State.OPEN:
        return 0
    if state == State.HALF_OPEN:
        on_the_wire = Batch.objects.filter(gateway_id=gateway_id).exclude(owner="")
        return 0 if on_the_wire.exists() else min(limit, 1)
    return limit


def is_open(gateway_id: int) -> bool:
    """Tell whether what is claimed for a gateway and not written yet shall be handed back."""
    return _state_of(gateway_id) == State.OPEN


def _state_of(gateway_id: int) -> str:
    found = Circuit.objects.filter(pk=gateway_id).values_list("state", flat=True).first()
    return found or State.CLOSED


def watch(now: datetime | None = None) -> None:
    """Judge every gateway that is not stopped, and let its circuit take the step that is due.

    Call it every second, from as many workers as you like: one of them takes the step.
    """
    now = now or shared_time.now()
    watched = list(Gateway.objects.exclude(mode=Gateway.Mode.STOPPED).values_list("pk", flat=True))
    Circuit.objects.bulk_create((Circuit(pk=pk) for pk in watched), ignore_conflicts=True)
    _note_receipts(watched, now)
    bound = _bound(now)
    for circuit in Circuit.objects.filter(pk__in=watched).select_related("gateway"):
        _judge(circuit, now, is_bound=circuit.pk in bound)


def _judge(circuit: Circuit, now: datetime, *, is_bound: bool) -> None:
    if circuit.state == State.CLOSED:
        if fault := _fault(circuit, now, is_bound=is_bound):
            _open(circuit, fault, now)
    elif circuit.state == State.OPEN:
        if circuit.probe_at and circuit.probe_at <= now and is_bound:
            _shift_to(circuit, State.HALF_OPEN, now)
    else:
        _judge_probe(circuit, now, is_bound=is_bound)


def _judge_probe(circuit: Circuit, now: datetime, *, is_bound: bool) -> None:
    """Close a half-open circuit when the probe went well, open it again when it did not."""
    seen = _sums(circuit.pk, circuit.changed_at, now)
    failed = seen["refused"] + seen["unanswered"]
    if failed or not is_bound:
        cause = Cause.UNANSWERED if seen["unanswered"] else Cause.REFUSED
        fault = CircuitFault(cause if failed else Cause.UNBOUND, failed or 1, failed or 1)
        _open(circuit, fault, now)
    elif circuit.cause != Cause.NO_RECEIPTS or not circuit.gateway.registered_delivery:
        if seen["answered"]:
            _shift_to(circuit, State.CLOSED, now)
    elif seen["receipts"]:
        _shift_to(circuit, State.CLOSED, now)
    elif seen["accepted"] and now - circuit.changed_at > RECEIPT_PATIENCE:
        _open(circuit, CircuitFault(Cause.NO_RECEIPTS, seen["accepted"], seen["accepted"]), now)


def _fault(circuit: Circuit, now: datetime, *, is_bound: bool) -> CircuitFault | None:
    """Return what is wrong with a gateway, by the last minute since its circuit closed."""
    seen = _sums(circuit.pk, max(now - WINDOW, circuit.changed_at), now)
    if not is_bound and seen["unbound"] >= FEWEST_UNBOUND:
        return CircuitFault(Cause.UNBOUND, seen["unbound"], seen["unbound"])
    failed = seen["refused"] + seen["unanswered"]
    total = seen["answered"] + failed
    if total >= FEWEST_SUBMISSIONS and failed * 100 >= total * _FAILING_PERCENT:
        worse = seen["unanswered"] >= seen["refused"]
        return CircuitFault(Cause.UNANSWERED if worse else Cause.REFUSED, failed, total)
    return _missing_receipts(circuit, now)


def _missing_receipts(circuit: Circuit, now: datetime) -> CircuitFault | None:
    """Compare what was accepted in the minute before the last five with the receipts since."""
    until = now - RECEIPT_PATIENCE
    since = until - WINDOW
    recently = circuit.receipt_at and circuit.receipt_at >= now - _BRINGS_RECEIPTS
    asked = circuit.gateway.registered_delivery
    if not asked or not recently or since < circuit.changed_at:
        return None
    accepted = _sums(circuit.pk, since, until)["accepted"]
    if accepted < FEWEST_ACCEPTED:
        return None
    missing = accepted - _sums(circuit.pk, since, now)["receipts"]
    if missing * 100 < accepted * _MISSING_PERCENT:
        return None
    return CircuitFault(Cause.NO_RECEIPTS, missing, accepted)


def _sums(gateway_id: int, since: datetime, until: datetime) -> dict[str, int]:
    figures = ("answered", "refused", "unanswered", "accepted", "receipts", "unbound")
    rows = CircuitCount.objects.filter(gateway_id=gateway_id, at__gte=since, at__lt=until)
    sums = rows.aggregate(**{f"n_{name}": Sum(name) for name in figures})
    return {name: sums[f"n_{name}"] or 0 for name in figures}


def _bound(now: datetime) -> set[int]:
    """Return the gateways that have a connection."""
    slots = BindSlot.objects.filter(bound_at__isnull=False, lease_until__gte=now).exclude(owner="")
    return set(slots.values_list("gateway_id", flat=True))


def _note_receipts(gateway_ids: Iterable[int], now: datetime) -> None:
    """Remember which gateways bring receipts, to the minute."""
    lately = CircuitCount.objects.filter(at__gte=now - WINDOW, receipts__gt=0)
    Circuit.objects.filter(
        Q(receipt_at=None) | Q(receipt_at__lt=now - WINDOW),
        pk__in=set(lately.values_list("gateway_id", flat=True)) & set(gateway_ids),
    ).update(receipt_at=now)


def _open(circuit: Circuit, fault: CircuitFault, now: datetime) -> None:
    probes = circuit.failed_probes + 1 if circuit.state == State.HALF_OPEN else 0
    rest = min(LONGEST_REST, FIRST_REST * 2 ** min(probes, 8))
    _shift_to(
        circuit,
        State.OPEN,
        now,
        cause=fault.cause,
        failed=fault.failed,
        looked_at=fault.looked_at,
        failed_probes=probes,
        probe_at=now + rest,
    )


def _shift_to(circuit: Circuit, to: Circuit.State, now: datetime, **fields: Any) -> bool:
    """Take one step, unless someone else was quicker, and write down why."""
    with transaction.atomic():
        taken = Circuit.objects.filter(
            pk=circuit.pk, state=circuit.state, changed_at=circuit.changed_at
        ).update(state=to, changed_at=now, **fields)
        if not taken:
            return False
        details = {name: fields[name] for name in ("cause", "failed", "looked_at") if fields}
        AuditEntry.record(
            action=f"gateway.circuit_{to.lower()}",
            subject=circuit.gateway,
            organization=None,
            **details,
        )
    log.warning("circuit of %s: %s %s", circuit.gateway, to, details)
    return True


def probe_now(gateway_id: int) -> bool:
    """Let an open circuit try its gateway with the next message; False when it is not open."""
    waiting = Circuit.objects.filter(pk=gateway_id, state=State.OPEN)
    return bool(waiting.update(probe_at=shared_time.now()))


def count_receipts(gateway_ids: Iterable[int]) -> None:
    """Note receipts, one id of a gateway for each."""
    tally: dict[int, int] = defaultdict(int)
    for pk in gateway_ids:
        tally[pk] += 1
    now = shared_time.now()
    CircuitCount.objects.bulk_create(
        CircuitCount(gateway_id=pk, at=now, receipts=receipts) for pk, receipts in tally.items()
    )


def forget() -> int:
    """Delete outcomes that no circuit is judged by any more; return how many."""
    return CircuitCount.objects.filter(at__lt=shared_time.now() - _FORGOTTEN).delete()[0]
