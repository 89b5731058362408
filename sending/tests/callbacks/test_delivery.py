"""What an endpoint is told, in which order, and again after what was no success."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from sending.callbacks import delivery, giving_up, rounds
from sending.lifecycle import MessageState
from sending.models import CallbackEndpoint, CallbackEvent
from sending.models.stepping import step
from sending.tests.callbacks.outbox import (
    deliver_until_told,
    endpoint_of,
    make_application,
    make_reports,
    make_submitted,
    time_has_come,
)
from sending.tests.callbacks.receivers import OK, Receiver
from smsconsole.tests.ports import free_port

pytestmark = pytest.mark.django_db
DAY = timedelta(hours=24)


def waiting():
    return CallbackEvent.objects.filter(due_at__isnull=False).count()


def test_reports_go_oldest_first_a_hundred_at_a_time(receiver):
    ids = make_reports(make_application(receiver.url), 230)
    rounds.deliver()
    assert [len(told.event_ids) for told in receiver.told] == [100, 100, 30]
    assert receiver.event_ids == ids
    assert CallbackEvent.objects.filter(delivered_at=None).count() == 0


def test_nothing_is_told_twice_after_a_success(receiver):
    make_reports(make_application(receiver.url), 3)
    rounds.deliver()
    time_has_come()
    assert rounds.deliver() == 0
    assert len(receiver.told) == 1


def test_what_happened_before_there_was_a_url_is_not_told(receiver):
    application = make_application("")
    message = make_submitted(application)[0]
    step(MessageState.DELIVERED, [message.pk])
    application.callback_url = receiver.url
    application.save()
    later = make_reports(application, first=7)
    rounds.deliver()
    assert receiver.event_ids == later


def test_an_endpoint_that_is_down_gets_everything_once_it_is_up():
    port = free_port()
    application = make_application(f"http://127.0.0.1:{port}/told")
    ids = make_reports(application, 150)
    rounds.deliver()
    ids += make_reports(application, 30, first=500)
    time_has_come()
    rounds.deliver()
    endpoint = endpoint_of(application)
    assert (endpoint.failures, endpoint.error) == (2, "PORT_CLOSED")
    assert endpoint.down_since < endpoint.attempted_at < endpoint.next_attempt_at
    assert waiting() == 180
    with Receiver(port=port) as receiver:
        deliver_until_told()
        assert receiver.event_ids == ids
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.down_since, endpoint.error) == (0, None, "")


def test_a_message_is_told_of_in_order_whatever_fails_in_between():
    answers = iter([(503, b""), (200, b'{"result":1}'), (500, b""), OK, (503, b"")] + [OK] * 99)
    with Receiver(lambda told: next(answers)) as receiver:
        application = make_application(receiver.url)
        messages = make_submitted(application, 4)
        ids = [message.pk for message in messages]
        step(MessageState.UNKNOWN, ids)
        rounds.deliver()
        step(MessageState.DELIVERED, ids)
        deliver_until_told()
        assert told_of_each(receiver) == {pk: ["UNKNOWN", "DELIVRD"] for pk in ids}


def told_of_each(receiver):
    """{message: what was told of it and taken, in order}."""
    taken = set(CallbackEvent.objects.exclude(delivered_at=None).values_list("pk", flat=True))
    assert taken == set(receiver.event_ids)
    words, seen = {}, set()
    # At-least-once: of an event told again only the last one was taken.
    for told in reversed(receiver.told):
        for report in reversed(told.document):
            if report["event_id"] not in seen:
                seen.add(report["event_id"])
                words.setdefault(int(report["sid"]), []).insert(0, report["errmsg"])
    return words


@pytest.mark.parametrize(
    "answer", [(200, b'{"result":7}'), (200, b'{"result":"no"}'), (200, b'{"result":false}')]
)
def test_a_result_other_than_0_is_told_again(answer):
    answers = iter([answer, OK])
    with Receiver(lambda told: next(answers)) as receiver:
        application = make_application(receiver.url)
        (pk,) = make_reports(application)
        rounds.deliver()
        event = CallbackEvent.objects.get()
        assert (event.delivered_at, event.answer_status, event.attempts) == (None, 200, 1)
        assert event.error.startswith("RESULT")
        deliver_until_told()
        assert receiver.event_ids == [pk, pk]


@pytest.mark.parametrize(
    "answer", [(204, b""), (200, b"ok"), (202, b'{"status":"fine"}'), (200, b'{"result":"0"}')]
)
def test_a_2xx_without_a_result_is_a_success(answer):
    with Receiver(lambda told: answer) as receiver:
        make_reports(make_application(receiver.url))
        rounds.deliver()
        assert CallbackEvent.objects.get().delivered_at


def test_the_wait_doubles_up_to_half_an_hour():
    bounds = [(n, delivery.wait_after(n).total_seconds()) for n in range(1, 40)]
    for failures, seconds in bounds:
        middle = min(2 * 2 ** (failures - 1), 1800)
        assert 0.75 * middle <= seconds <= 1.25 * middle
    assert delivery.wait_after(5) != delivery.wait_after(5)


def test_an_endpoint_is_left_alone_until_its_next_attempt():
    with Receiver(lambda told: (503, b"")) as receiver:
        make_reports(make_application(receiver.url))
        rounds.deliver()
        rounds.deliver()
        assert len(receiver.told) == 1


def test_one_event_that_is_always_refused_holds_up_no_others():
    refused = []

    def answer(told):
        return (500, b"") if set(refused) & set(told.event_ids) else OK

    with Receiver(answer) as receiver:
        application = make_application(receiver.url)
        messages = make_submitted(application, 120)
        step(MessageState.UNKNOWN, [message.pk for message in messages])
        # PostgreSQL steps rows, and so writes their events, in an order of its own.
        bad = CallbackEvent.objects.get(subject_id=messages[40].pk).pk
        refused.append(bad)
        # Another one of the same message, which must not overtake it.
        step(MessageState.DELIVERED, [messages[40].pk])
        followed = CallbackEvent.objects.latest("pk").pk
        left = CallbackEvent.objects.filter(delivered_at=None).values_list("pk", flat=True)
        # On a busy machine the time of what was put aside comes in between, and it takes a round.
        for _round in range(60):
            rounds.deliver()
            if sorted(left.all()) == [bad, followed]:
                break
            # Only endpoints: what was put aside stays so.
            CallbackEndpoint.objects.update(next_attempt_at=timezone.now())
        assert sorted(left.all()) == [bad, followed]
        refused.clear()
        deliver_until_told()
        assert receiver.event_ids[-2:] == [bad, followed]


def test_after_a_day_in_vain_events_are_given_up_and_later_ones_are_not():
    with Receiver(lambda told: (503, b"")) as receiver:
        application = make_application(receiver.url)
        (old,) = make_reports(application)
        CallbackEvent.objects.update(due_at=timezone.now() - DAY - timedelta(minutes=1))
        (new,) = make_reports(application, first=5)
        rounds.deliver()
        assert giving_up.give_up() == 1
        dead = CallbackEvent.objects.get(dead_at__isnull=False)
        assert (dead.pk, dead.due_at, dead.error, dead.attempts) == (old, None, "HTTP_503", 1)
        receiver.answer = lambda told: OK
        deliver_until_told()
        assert receiver.told[-1].event_ids == [new]


def test_what_was_never_tried_is_not_given_up(receiver):
    application = make_application(receiver.url)
    (pk,) = make_reports(application)
    assert endpoint_of(application).failures == 0
    with time_machine.travel(timezone.now() + 3 * DAY, tick=True):
        assert giving_up.give_up() == 0
        rounds.deliver()
    assert receiver.event_ids == [pk]


def test_what_waits_is_given_up_when_the_url_is_removed():
    with Receiver(lambda told: (503, b"")) as receiver:
        application = make_application(receiver.url)
        make_reports(application, 3)
        rounds.deliver()
        application.callback_url = ""
        application.save()
        time_has_come()
        rounds.deliver()
        assert len(receiver.told) == 1
        assert giving_up.give_up() == 3
        assert set(CallbackEvent.objects.values_list("error", "due_at")) == {("URL_REMOVED", None)}


def test_what_waits_goes_to_the_url_of_today(receiver):
    application = make_application(f"http://127.0.0.1:{free_port()}/")
    ids = make_reports(application, 3)
    rounds.deliver()
    application.callback_url = receiver.url
    application.save()
    deliver_until_told()
    assert receiver.event_ids == ids


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "https://user:word@example.com/",
        "http://example.com:25/",
        "http://exa mple.com/",
        "http:///told",
        "https://example.com/#part",
        "https://example.com:99999/",
        "https://[::1/",
    ],
)
def test_a_url_that_cannot_be_called_back_is_a_failure_like_others(url):
    application = make_application(url)
    make_reports(application)
    assert rounds.deliver() == 0
    endpoint = endpoint_of(application)
    assert (endpoint.error, endpoint.failures, endpoint.leased_until) == ("BAD_URL", 1, None)
    assert CallbackEvent.objects.get().attempts == 1


def spoil_secret(application):
    """Store a secret of callbacks that no key reads: what encrypted it was thrown away."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_smsapplication SET callback_secret = %s WHERE id = %s",
            ["gAAAAA-of-a-key-that-is-gone", application.pk],
        )


def test_an_endpoint_whose_secret_cannot_be_read_delays_nobody_else(receiver):
    spoilt, healthy = make_application(receiver.url), make_application(receiver.url)
    make_reports(spoilt, 2)
    ids = make_reports(healthy, 2, first=5)
    first = endpoint_of(spoilt)
    spoil_secret(spoilt)
    rounds.deliver()
    assert receiver.event_ids == ids
    endpoint = CallbackEndpoint.objects.get(pk=first.pk)
    assert (endpoint.error, endpoint.failures, endpoint.lease) == ("SECRET_UNREADABLE", 1, "")
    assert endpoint.next_attempt_at > timezone.now()
    assert waiting() == 2
