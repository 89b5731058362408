"""A commit that the database did not answer: it may have happened, and it may not."""

import threading
from contextlib import contextmanager

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction

from accounts import shared_time
from sending.models import Message, PartState, SmppPart
from sending.smpp.errors import RequestUnanswered
from sending.smpp_server import accepting, desk
from sending.smpp_server.attempt import SubmitAttempt
from sending.tests.factories import PLAIN_BODY
from sending.tests.smpp_server.running import Client, submit_sm
from sending.tests.smpp_server.test_parts import by_udh8, cut
from sending.tests.waiting import wait_until
from templates_app.models import SmsType
from templates_app.tests.factories import approved_template

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Stores close early on Friday. " * 14
NUMBERS = [f"852612345{n:02}" for n in range(20)]


@pytest.fixture(autouse=True)
def hardly_patient(monkeypatch):
    monkeypatch.setattr(desk, "ASKING_PAUSE", 0.01)


class Faults:
    """Breaks the so many-th commit of the next acceptance, before or after it happens."""

    def __init__(self) -> None:
        self.nth = 0
        self.happens = False
        self._of_thread = threading.local()

    def commit(self, wrapper, usual) -> None:
        left = getattr(self._of_thread, "left", 0)
        self._of_thread.left = left - 1
        if left != 1:
            return usual(wrapper)
        if self.happens:
            usual(wrapper)
        wrapper.close()
        raise OperationalError("server closed the connection unexpectedly")

    def accept(self, usual, *arguments) -> None:
        self._of_thread.left, self.nth = self.nth, 0
        try:
            usual(*arguments)
        finally:
            self._of_thread.left = 0


@pytest.fixture
def faults(monkeypatch):
    faults = Faults()
    kind = type(connections[DEFAULT_DB_ALIAS])
    commit, accept = kind._commit, accepting.accept
    monkeypatch.setattr(kind, "_commit", lambda self: faults.commit(self, commit))
    monkeypatch.setattr(accepting, "accept", lambda *given: faults.accept(accept, *given))
    return faults


@pytest.fixture
def long_text(program):
    return approved_template(program.organization, LONG, SmsType.NOTIFICATION)


def test_what_is_stored_after_all_is_answered_with_its_id(client, faults):
    faults.nth, faults.happens = 1, True
    answers = client.ask_all([submit_sm(PLAIN_BODY, to) for to in NUMBERS])
    assert {answer.command_status for answer in answers} == {0}
    told = dict(Message.objects.values_list("pk", "msisdn"))
    assert [told[int(one.body.message_id)] for one in answers] == [f"+{to}" for to in NUMBERS]
    assert len(told) == len(NUMBERS)


def test_what_is_not_stored_is_refused_and_can_be_submitted_again(client, faults):
    faults.nth = 1
    assert client.submit(PLAIN_BODY).command_status == 0x08
    assert not Message.objects.exists()
    assert client.submit(PLAIN_BODY).command_status == 0
    assert Message.objects.count() == 1


@pytest.mark.parametrize("happens", [True, False])
@pytest.mark.parametrize("nth", [1, 2])
def test_segments_are_answered_as_they_and_their_text_are_stored(
    client, faults, long_text, nth, happens
):
    *before, last = by_udh8(cut(LONG.encode(), 150), data_coding=1)
    for segment in before:
        assert client.ask(segment).command_status == 0
    # The first commit stores the last segment, and the second one the message.
    faults.nth, faults.happens = nth, happens
    answer = client.ask(last)
    assert answer.command_status == (0 if nth == 2 and happens else 0x08)
    if answer.command_status:
        assert not Message.objects.exists()
        answer = client.ask(last)
        assert answer.command_status == 0
    message = Message.objects.get()
    rows = SmppPart.objects.all()
    assert {(row.state, row.message_id) for row in rows} == {("ACCEPTED", message.pk)}
    assert len(rows) == len(before) + 1
    assert int(answer.body.message_id) in {row.pk for row in rows}


def test_a_segment_that_waits_is_answered_with_its_id(client, faults, long_text):
    first, *_others = by_udh8(cut(LONG.encode(), 150), data_coding=1)
    faults.nth, faults.happens = 1, True
    answer = client.ask(first)
    part = SmppPart.objects.get()
    assert (answer.command_status, answer.body.message_id) == (0, str(part.pk))
    assert part.state == PartState.WAITING.value


def test_what_cannot_be_known_is_not_answered_and_the_connection_ends(
    server, account, faults, monkeypatch, caplog
):
    def away(_attempt):
        raise OperationalError("the database is away")

    monkeypatch.setattr(desk, "ASKING_SECONDS", 0.05)
    with monkeypatch.context() as patch, Client(server.port) as client:
        patch.setattr(SubmitAttempt, "ask", away)
        client.bind()
        faults.nth, faults.happens = 1, True
        with pytest.raises(RequestUnanswered):
            client.submit(PLAIN_BODY)
        wait_until(lambda: not client.session.bound)
    assert Message.objects.count() == 1
    assert "may be accepted or not" in caplog.text
    with Client(server.port) as client:
        assert client.bind() == 0
        assert client.submit(PLAIN_BODY, NUMBERS[0]).command_status == 0


def test_of_several_texts_to_a_number_those_of_earlier_commits_are_answered(
    client, program, faults
):
    program.limit(repeat_seconds=0)
    faults.nth = 2
    answers = client.ask_all([submit_sm(PLAIN_BODY)] * 3)
    accepted = {int(one.body.message_id) for one in answers if one.command_status == 0}
    assert {one.command_status for one in answers} <= {0, 0x08}
    assert accepted == set(Message.objects.values_list("pk", flat=True))


@contextmanager
def _storing(pk, account):
    """A transaction in another thread that has stored a part and is not over; it commits then."""
    stored, over = threading.Event(), threading.Event()

    def store():
        with transaction.atomic():
            SmppPart.objects.create(
                pk=pk,
                organization_id=account.organization_id,
                account_id=account.pk,
                at=shared_time.now(),
            )
            stored.set()
            over.wait(30)
        connection.close()

    thread = threading.Thread(target=store)
    thread.start()
    stored.wait(30)
    try:
        yield over
    finally:
        over.set()
        thread.join(30)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="one writer at a time")
def test_a_commit_that_is_still_under_way_is_waited_for(account):
    attempt = SubmitAttempt(hold=lambda _ids: None)
    attempt.reserve({0: 71, 1: 72})
    with _storing(71, account) as over:
        asking = threading.Timer(0.3, over.set)
        asking.start()
        attempt.ask()
    assert attempt.outcomes == {0: 71}
    assert attempt.reserved == {}
    assert list(SmppPart.objects.values_list("pk", flat=True)) == [71]
