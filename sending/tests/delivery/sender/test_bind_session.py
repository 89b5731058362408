"""Bind slots: one owner at a time, by lease and journal together."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sending.delivery.queue.claims import claim
from sending.delivery.sender import bind_session as bind_sessions
from sending.delivery.sender import bind_slots
from sending.delivery.sender import journal as journals
from sending.delivery.sender.bind_session import BindSession
from sending.models import BindSlot
from sending.tests.delivery.fakes import a_sending_task
from sending.tests.factories import make_gateway

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway():
    gateway = make_gateway()
    bind_slots.make_slots(gateway.pk, 2)
    bind_slots.make_slots(gateway.pk, 2)
    assert BindSlot.objects.count() == 2
    return gateway


@pytest.fixture
def take(tmp_path, gateway):
    taken = []

    def take(number=1):
        taken.append(BindSession.take(tmp_path, gateway.pk, number))
        return taken[-1]

    yield take
    for bind_session in taken:
        if bind_session:
            bind_session.journal.close()


def test_a_slot_has_one_owner_at_a_time(tmp_path, take):
    first = take()
    assert first.valid
    assert take() is None
    assert take(2).valid
    assert len(journals.names(tmp_path)) == 2, "who was refused leaves no journal behind"
    first.end()
    assert not first.valid
    assert take().valid


def test_a_lease_that_is_over_can_be_taken_by_somebody_else(take):
    first = take()
    with time_machine.travel(timezone.now() + timedelta(seconds=bind_slots.LEASE_SECONDS + 1)):
        second = take()
        assert second.valid
        assert not first.renew(0), "it has the slot no more"
        assert not first.valid
        assert second.renew(3)
    assert BindSlot.objects.get(number=1).in_window == 3


def test_nothing_may_be_written_some_time_before_others_may_take_over(take, monkeypatch):
    bind_session = take()
    now = bind_slots.clock()
    monkeypatch.setattr(bind_slots, "clock", lambda: now + bind_slots.LEASE_SECONDS - 4)
    assert bind_session.valid
    monkeypatch.setattr(bind_slots, "clock", lambda: now + bind_slots.LEASE_SECONDS - 2)
    assert not bind_session.valid


def test_a_long_journal_is_begun_anew_under_the_same_lease(tmp_path, take, monkeypatch):
    bind_session = take()
    assert not bind_session.wants_rotation
    monkeypatch.setattr(bind_sessions, "ROTATE_AT", 10)
    assert bind_session.wants_rotation
    before = bind_session.journal.name
    bind_session.rotate()
    assert bind_session.valid
    assert bind_session.journal.name != before
    assert BindSlot.objects.get(number=1).owner == bind_session.journal.name
    assert journals.names(tmp_path) == [bind_session.journal.name]
    assert bind_session.renew(0)


def test_a_slot_lost_before_the_rotation_stays_lost(tmp_path, take):
    bind_session = take()
    BindSlot.objects.update(owner="somebody-else")
    bind_session.rotate()
    assert not bind_session.valid
    assert journals.names(tmp_path) == [bind_session.journal.name]


def test_a_journal_that_a_batch_names_is_left_to_be_settled(tmp_path, gateway, take):
    bind_session = take()
    a_sending_task(1, gateway=gateway)
    claim(gateway, bind_session.journal.name, 500)
    bind_session.end()
    assert journals.names(tmp_path) == [bind_session.journal.name]
    dead = journals.DeadJournal.take(tmp_path, bind_session.journal.name)
    assert dead, "it is unlocked"
    dead.close()


def test_the_operator_sees_what_is_the_matter(take):
    bind_session = take()
    bind_session.record_error("ESME_RINVPASWD" + "x" * 300)
    slot = BindSlot.objects.get(number=1)
    assert slot.trouble.startswith("ESME_RINVPASWD")
    assert slot.bound_at is None
    bind_session.record_bound()
    slot.refresh_from_db()
    assert slot.bound_at
    assert slot.trouble == ""
