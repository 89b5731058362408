"""Two workers at a time, killed workers, and many slow receivers: each endpoint in one hand."""

import threading
from collections import Counter as Tally
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from sending.callbacks import delivery, endpoints, rounds
from sending.callbacks.post import CallbackAnswer
from sending.models import CallbackEndpoint, CallbackEvent
from sending.tests.callbacks.outbox import endpoint_of, make_application, make_reports
from sending.tests.callbacks.receivers import OK, Hostile, Receiver, says_nothing

SUCCESS = CallbackAnswer(200, 5, "")


def claimed(places=rounds.PLACES, most=rounds.OF_AN_ORGANIZATION):
    endpoints.ensure()
    return list(endpoints.claim(places, most, Tally()))


@pytest.mark.django_db
def test_an_endpoint_that_somebody_has_is_nobody_elses(receiver):
    make_reports(make_application(receiver.url))
    assert len(claimed()) == 1
    assert claimed() == []
    assert rounds.deliver() == 0


@pytest.mark.django_db
def test_two_that_saw_it_free_do_not_both_get_it(receiver):
    application = make_application(receiver.url)
    make_reports(application)
    now = timezone.now()
    one, other = endpoint_of(application), endpoint_of(application)
    assert [endpoints._lease(one, now), endpoints._lease(other, now)] == [True, False]


@pytest.mark.django_db
def test_the_lease_of_a_killed_worker_runs_out(receiver):
    ids = make_reports(make_application(receiver.url))
    (_of_the_killed,) = claimed()
    later = timezone.now() + endpoints.LEASE + timedelta(seconds=1)
    with time_machine.travel(later, tick=True):
        assert rounds.deliver() == 1
    assert receiver.event_ids == ids
    # The killed one had number 1: each POST has a number of its own.
    assert receiver.told[0].headers["smsconsole-sequence"] == "2"


@pytest.mark.django_db
def test_who_comes_back_too_late_touches_no_lease_of_others(receiver):
    application = make_application(receiver.url)
    ids = make_reports(application)
    (slow,) = claimed()
    with time_machine.travel(timezone.now() + endpoints.LEASE * 2, tick=True):
        (quick,) = claimed()
        delivery.record(slow, ids, SUCCESS)
        held = endpoint_of(application)
        assert held.lease == quick.lease != slow.lease
        assert held.leased_until
    # It was told, whoever did it.
    assert CallbackEvent.objects.get().delivered_at


@pytest.mark.django_db
def test_an_organization_takes_some_places_and_leaves_the_others(receiver):
    crowd = make_application(receiver.url)
    make_reports(crowd)
    event = CallbackEvent.objects.get()
    for number in range(1, 30):
        CallbackEndpoint.objects.create(
            application_id=10_000 + number,
            organization_id=crowd.organization_id,
            kind="STATUS",
            next_attempt_at=timezone.now() - timedelta(days=1),
        )
        event.pk, event.application_id = None, 10_000 + number
        event.save()
    make_reports(other := make_application(receiver.url), first=50)
    held = Tally()
    endpoints.ensure()
    first = list(endpoints.claim(20, 8, held))
    second = list(endpoints.claim(20, 8, held))
    organizations = [each.organization_id for each in first + second]
    assert Tally(organizations) == {crowd.organization_id: 8, other.organization_id: 1}


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_everything_once_and_never_at_the_same_time():
    at_once, most, lock = [0], [0], threading.Lock()

    def answer(told):
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        # Long enough for the other worker to look.
        threading.Event().wait(0.02)
        with lock:
            at_once[0] -= 1
        return OK

    with Receiver(answer) as receiver:
        ids = make_reports(make_application(receiver.url), 700)
        endpoints.ensure()

        def work(_number):
            try:
                return rounds.deliver()
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            posts = list(pool.map(work, range(2)))
        while rounds.deliver():
            """What was left when both had ended."""
        assert receiver.event_ids == ids
        assert most == [1]
        assert sum(posts) <= 7


@pytest.mark.django_db
def test_twenty_slow_receivers_delay_no_other(monkeypatch):
    """While all of them hold their places and say nothing, one that comes later is told."""
    # Nothing of it ends by time: the slow ones are let go when the quick one has all.
    monkeypatch.setattr("sending.callbacks.post.MOST_SECONDS", 600.0)
    ids = []
    with Receiver() as quick, Hostile(says_nothing) as slow:
        for number in range(20):
            make_reports(make_application(slow.url), first=1 + number)

        def stopping():
            if slow.connections == 20 and not ids:
                ids.extend(make_reports(make_application(quick.url), 150, first=100))
                endpoints.ensure()
            told = bool(ids) and len(quick.event_ids) == 150
            if told:
                slow.let_go()
            return told

        rounds.deliver(seconds=600, stopping=stopping)
        assert quick.event_ids == ids
        assert slow.connections == 20
    left = CallbackEvent.objects.filter(delivered_at=None)
    assert list(left.values_list("error", flat=True)) == ["CONNECTION_LOST"] * 20
