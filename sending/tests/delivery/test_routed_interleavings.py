"""Gateways stop, circuits open, batches move, in whatever order: no message goes two ways."""

import random
import shutil
import tempfile
from collections import Counter as Tally
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sending.delivery import pausing
from sending.delivery.attempt import Answer, SegmentAnswer
from sending.delivery.queue import rendering
from sending.delivery.queue.claims import claim
from sending.delivery.queue.failover import Failover
from sending.delivery.receipts import inbox
from sending.delivery.sender import results
from sending.delivery.sender.recovery import recover_dead
from sending.models import Circuit, FailoverRecord, Gateway, Route
from sending.tests.delivery.fakes import receipt
from sending.tests.delivery.test_interleavings import (
    EXAMPLES,
    NETWORK,
    SENDERS,
    STEPS,
    WIRE,
    Hand,
    World,
    live_until,
)
from sending.tests.factories import make_gateway


class RoutedWorld(World):
    """The same with two gateways on one route, a sender for each, and operators."""

    def __init__(self, chance, directory):
        super().__init__(chance, directory)
        other = make_gateway()
        Route.objects.create(gateway=other, order=2)
        self.gateways = dict(zip(SENDERS, (self.gateway, other), strict=True))
        self.mover = Failover()
        self.home = {}
        self.places = defaultdict(set)
        self.close()
        self.senders = {name: self.hand(name) for name in SENDERS}

    def hand(self, name):
        return Hand(self.directory, self.gateways[name])

    def act(self):
        """Let something happen, every third time around the routes."""
        if self.chance.random() < 0.7:
            super().act()
        else:
            self.chance.choice((self.operates, self.breaks, self.moves, self.moves))()

    def operates(self):
        mode = self.chance.choice((*Gateway.Mode.values, *[Gateway.Mode.ACTIVE] * 3))
        Gateway.objects.filter(pk=self.a_gateway().pk).update(mode=mode)

    def breaks(self):
        state = self.chance.choice((*Circuit.State.values, Circuit.State.OPEN))
        Circuit.objects.update_or_create(gateway=self.a_gateway(), defaults={"state": state})

    def moves(self):
        self.mover.move_waiting()

    def a_gateway(self):
        return self.gateways[self.chance.choice(SENDERS)]

    def a_sender(self):
        """A sender; what it does next concerns its own gateway."""
        name = self.chance.choice(SENDERS)
        self.gateway = self.gateways[name]
        return self.senders[name]

    def arrives(self, request, fate):
        if fate == "throttle" and self.chance.random() < 0.7:
            return SegmentAnswer(request.segment, Answer.REFUSED_TEMPORARILY, "ESME_RSYSERR")
        before = len(self.outbox)
        answered = super().arrives(request, fate)
        for name, _ in self.outbox[before:]:
            self.home[name] = self.gateway
        # What is lost may as well have arrived: its gateway alone can tell.
        if fate in {"accept", "taken", "lost"}:
            self.places[request.message_id].add(self.gateway.pk)
        return answered

    def dies(self):
        name = self.chance.choice(SENDERS)
        self.gateway = self.gateways[name]
        sender = self.senders[name]
        item = sender.prefetch.next() if self.chance.random() < 0.7 else None
        if item and item.requests:
            request = item.requests[0]
            sender.journal.sent(item.key, request.segment, request.segments)
            self.arrives(request, self.chance.choice(WIRE))
        sender.journal.close()
        self.senders[name] = self.hand(name)

    def receipt_comes(self):
        if not self.outbox:
            return
        index = self.chance.randrange(len(self.outbox))
        name, request = self.outbox[index]
        said = self.chance.choice(NETWORK)
        if said == "DELIVERED":
            self.delivered.add((request.message_id, request.segment))
        if said != "ENROUTE" and self.chance.random() < 0.8:
            self.outbox.pop(index)
        inbox.store(self.home[name], [receipt(name, request.destination, said)])

    def check(self):
        super().check()
        assert not [pk for pk, places in self.places.items() if len(places) > 1], "two ways"

    def settle(self):
        """All gateways work again, and both send what is left."""
        Gateway.objects.update(mode=Gateway.Mode.ACTIVE)
        Circuit.objects.update(state=Circuit.State.CLOSED)
        self.suspends(False)
        for task in self.tasks:
            pausing.resume(task.pk)
        self.close()
        recover_dead(self.directory)
        first, self.gateway = (self.gateways[name] for name in SENDERS)
        self.drain(self.hand("second"))
        self.gateway = first
        super().settle()

    def drain(self, sender):
        while (claimed := claim(self.gateway, sender.journal.name, 500)).open:
            sender.prefetch.add(claimed)
            while item := sender.prefetch.next():
                answers = tuple(self.arrives(request, "accept") for request in item.requests)
                self.lands(sender, item, answers)
            pairs = [(row.batch_id, row.attempt.key.message_id) for row in sender.finished]
            results.write(self.gateway, sender.finished, sender.prefetch.would_close(pairs))
            sender.prefetch.written(pairs)
            sender.finished.clear()
            self.check()
        sender.journal.close()


def live(seed, reasons):
    """One world from a seed, undone in the end."""
    directory = Path(tempfile.mkdtemp())
    rendering._wording.cache_clear()
    with transaction.atomic():
        world = RoutedWorld(random.Random(seed), directory)
        try:
            for _ in range(STEPS):
                world.act()
                world.check()
            world.settle()
        finally:
            world.close()
            shutil.rmtree(directory, ignore_errors=True)
        reasons.update(FailoverRecord.objects.values_list("reason", flat=True))
        transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_message_goes_two_ways(monkeypatch):
    monkeypatch.setattr(results, "retry_delay", lambda code, attempt: timedelta())
    monkeypatch.setattr(inbox, "_WAITS", (-1,))
    reasons: Tally = Tally()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def worlds(seed):
        live(seed, reasons)

    worlds()
    live_until({"STOPPED", "CIRCUIT_OPEN", "ESME_RSYSERR", "PROBE"}, live, reasons)
