"""Whatever happens in whatever order: nothing is sent twice, lost, miscounted, or undone."""

import os
import random
import shutil
import tempfile
from collections import Counter as Tally
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.errors import MayNotSend
from accounts.models import Organization
from sending.delivery import pausing, suspension
from sending.delivery.attempt import Answer, Attempt, SegmentAnswer
from sending.delivery.counters import compaction
from sending.delivery.queue import cancellation, completion, rendering
from sending.delivery.queue.claims import claim
from sending.delivery.receipts import inbox
from sending.delivery.sender import results
from sending.delivery.sender.journal import Journal
from sending.delivery.sender.prefetch import Prefetch
from sending.delivery.sender.recovery import recover_dead
from sending.delivery.sender.results import Finished
from sending.lifecycle import MESSAGE_STEPS, MessageState, TaskState
from sending.models import Batch, Message, SendTask
from sending.tests.delivery.fakes import press_send, receipt
from sending.tests.factories import a_number, counted, make_gateway, make_sender, make_task
from templates_app.tests.factories import approved_template

LONG = "Harbourline: " + "a longer text than one segment holds, " * 5
SENDERS = ("first", "second")
STEPS = 150
EXAMPLES = int(os.environ.get("INTERLEAVINGS", "6"))
# What can become of one segment on the wire. "lost" and "taken" are never answered; only the
# second reached the gateway.
WIRE = ("accept",) * 6 + ("refuse", "throttle", "throttle", "lost", "taken", "taken")
NETWORK = ("DELIVERED",) * 4 + ("UNDELIVERABLE", "UNKNOWN", "ENROUTE", "ENROUTE")


class Hand:
    """A sender without threads: its journal, and what it holds."""

    def __init__(self, directory, gateway):
        self.journal = Journal.create(directory, gateway_id=gateway.pk, slot=1)
        self.prefetch = Prefetch()
        self.finished = []


class World:
    """Two senders, one gateway, two tasks, and everything that can happen to them."""

    def __init__(self, chance, directory):
        self.chance = chance
        self.directory = directory
        self.at_gateway: Tally = Tally()
        self.happened: Tally = Tally()
        self.ids = iter(range(1, 100_000))
        self.outbox = []
        self.delivered = set()
        self.last = {}
        self.suspended = False
        self.gateway = make_gateway()
        member = make_sender(daily_segment_limit=1000)
        version = approved_template(member.organization, LONG).approved
        self.tasks = [
            press_send(make_task(member, TaskState.READY, numbers=map_numbers(range(6)))),
            press_send(
                make_task(
                    member,
                    TaskState.READY,
                    numbers=map_numbers(range(4, 9)),
                    template_version=version,
                )
            ),
        ]
        self.senders = {name: Hand(directory, self.gateway) for name in SENDERS}

    def act(self):
        """Let one thing happen."""
        actions = {
            self.claims: 6,
            self.sends: 14,
            self.hands_back: 1,
            self.writes: 8,
            self.dies: 2,
            self.recovers: 3,
            self.receipt_comes: 8,
            inbox.apply_due: 5,
            self.people_act: 2,
            self.operators_act: 1,
            self.housekeeping: 1,
        }
        act = self.chance.choices(list(actions), list(actions.values()))[0]
        self.happened[act.__name__] += 1
        act()

    def a_sender(self):
        return self.senders[self.chance.choice(SENDERS)]

    def claims(self):
        sender = self.a_sender()
        limit = self.chance.randint(1, 4)
        claimed = claim(self.gateway, sender.journal.name, limit)
        assert not (self.suspended and claimed.open), "claimed although suspended"
        sender.prefetch.add(claimed)

    def sends(self):
        sender = self.a_sender()
        item = sender.prefetch.next()
        if item is None:
            return
        answers, unanswered = [], False
        for request in item.requests:
            sender.journal.sent(item.key, request.segment, request.segments)
            answered = self.arrives(request, self.chance.choice(WIRE))
            if answered is None:
                unanswered = True
                break
            sender.journal.answered(item.key, answered)
            answers.append(answered)
            if answered.answer is not Answer.ACCEPTED:
                break
        self.lands(sender, item, tuple(answers), unanswered=unanswered)

    def arrives(self, request, fate):
        """What the far end does with a segment, and what it answers."""
        if fate == "refuse":
            return SegmentAnswer(request.segment, Answer.REFUSED, "ESME_RINVDSTADR")
        if fate == "throttle":
            return SegmentAnswer(request.segment, Answer.REFUSED_TEMPORARILY, "ESME_RTHROTTLED")
        if fate == "lost":
            return None
        self.at_gateway[request.message_id, request.segment] += 1
        name = f"id-{next(self.ids)}"
        self.outbox.append((name, request))
        return SegmentAnswer(request.segment, Answer.ACCEPTED, name) if fate == "accept" else None

    def lands(self, sender, item, answers=(), *, unanswered=False):
        attempt = Attempt(item.key, item.segments, item.before, answers, unanswered)
        ids = (item.organization_id, item.task_id, item.lane, item.batch_id)
        sender.finished.append(Finished(*ids, attempt, timezone.now()))

    def hands_back(self):
        sender = self.a_sender()
        for item in sender.prefetch.take_out():
            self.lands(sender, item)

    def writes(self):
        """Write results; now and then the answer to the commit is lost, and they stay."""
        sender = self.a_sender()
        pairs = [(row.batch_id, row.attempt.key.message_id) for row in sender.finished]
        results.write(self.gateway, sender.finished, sender.prefetch.would_close(pairs))
        if self.chance.random() < 0.7:
            sender.prefetch.written(pairs)
            sender.finished.clear()

    def dies(self):
        """kill -9, at any time or between the write of a segment and its answer."""
        name = self.chance.choice(SENDERS)
        sender = self.senders[name]
        item = sender.prefetch.next() if self.chance.random() < 0.7 else None
        if item and item.requests:
            request = item.requests[0]
            sender.journal.sent(item.key, request.segment, request.segments)
            self.arrives(request, self.chance.choice(WIRE))
        sender.journal.close()
        self.senders[name] = Hand(self.directory, self.gateway)

    def recovers(self):
        recover_dead(self.directory)

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
        inbox.store(self.gateway, [receipt(name, request.destination, said)])

    def people_act(self):
        task_id = self.chance.choice(self.tasks).pk
        acts = (pausing.pause, pausing.resume, pausing.resume, cancellation.cancel_queued)
        # Once cancelled nothing more is to be seen of a task, so it is rare.
        act = pausing.cancel if self.chance.random() < 0.1 else self.chance.choice(acts)
        try:
            act(task_id)
        except MayNotSend:
            assert self.suspended

    def operators_act(self):
        """Suspend the organization, or end it."""
        self.suspends(not self.suspended)

    def suspends(self, suspended):
        self.suspended = suspended
        at = timezone.now() if suspended else None
        organization = self.tasks[0].organization
        Organization.objects.filter(pk=organization.pk).update(suspended_at=at)
        if suspended:
            suspension.stop(organization, self.tasks[0].created_by_id, cancels=False)

    def housekeeping(self):
        completion.finish_tasks()
        compaction.compact()

    def check(self):
        """Every promise that holds at any moment."""
        messages = list(Message.objects.values_list("pk", "state", "segments"))
        assert not [key for key, times in self.at_gateway.items() if times > 1], "sent twice"
        self.check_states(messages)
        self.check_batches(messages)
        assert counted() == Tally(state for _, state, _ in messages)

    def check_states(self, messages):
        for pk, state, segments in messages:
            before = self.last.get(pk)
            assert before is None or MESSAGE_STEPS[before] or state == before, (before, state)
            self.last[pk] = MessageState(state)
            if state == MessageState.DELIVERED.value:
                confirmed = {(pk, number) for number in range(1, segments + 1)}
                assert confirmed <= self.delivered, "nobody confirmed it"

    def check_batches(self, messages):
        owned = {}
        for owner, ids in Batch.objects.values_list("owner", "ids"):
            for pk in ids:
                owned.setdefault(pk, []).append(bool(owner))
        for pk, state, _ in messages:
            if state == MessageState.QUEUED.value:
                assert owned.get(pk, []).count(False) == 1, "one claim can find it"
            if state == MessageState.SUBMITTING.value:
                assert owned.get(pk) == [True], "one sender answers for it"

    def settle(self):
        """Let everything come to its end, as it does when nothing more goes wrong."""
        self.suspends(False)
        for task in self.tasks:
            pausing.resume(task.pk)
            cancellation.cancel_queued(task.pk)
        for sender in self.senders.values():
            sender.journal.close()
        self.senders = {name: Hand(self.directory, self.gateway) for name in SENDERS}
        recover_dead(self.directory)
        sender = self.senders["first"]
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
        completion.finish_tasks()
        left = set(Message.objects.values_list("state", flat=True))
        assert not left & {"QUEUED", "SUBMITTING"}, "nothing is lost on the way"
        assert not Batch.objects.exists()
        states = set(SendTask.objects.values_list("state", flat=True))
        assert states <= {TaskState.FINISHED.value, TaskState.CANCELLED.value}

    def close(self):
        for sender in self.senders.values():
            sender.journal.close()


def map_numbers(indexes):
    return [a_number(index) for index in indexes]


def live(seed, happened):
    """One world from a seed, undone in the end."""
    directory = Path(tempfile.mkdtemp())
    rendering._wording.cache_clear()
    with transaction.atomic():
        world = World(random.Random(seed), directory)
        try:
            for _ in range(STEPS):
                world.act()
                world.check()
            world.settle()
        finally:
            world.close()
            shutil.rmtree(directory, ignore_errors=True)
        happened.update(world.last.values())
        transaction.set_rollback(True)


def live_until(expected, live, happened):
    """Live on in more worlds until all of this has happened: tame ones prove nothing."""
    for seed in range(200):
        if expected <= happened.keys():
            return
        live(seed, happened)
    raise AssertionError(f"the worlds were not wild enough to prove anything: {happened}")


@pytest.mark.slow
@pytest.mark.django_db
def test_no_order_of_events_breaks_a_promise(monkeypatch):
    monkeypatch.setattr(results, "retry_delay", lambda code, attempt: timedelta())
    monkeypatch.setattr(inbox, "_WAITS", (-1,))
    happened: Tally = Tally()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.integers(0, 2**32))
    def worlds(seed):
        live(seed, happened)

    worlds()
    live_until({"DELIVERED", "UNDELIVERABLE", "REJECTED", "IN_DOUBT", "CANCELLED"}, live, happened)
