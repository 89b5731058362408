"""The log of callbacks: what it shows to whom, and what its buttons do."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending import tasks
from sending.callbacks import backlog, delivery, giving_up, post, rounds
from sending.developers.callbacks import actions, queries, words
from sending.gateways import connection_errors
from sending.models import CallbackEndpoint, CallbackEvent, Message
from sending.tests.callbacks.outbox import (
    endpoint_of,
    make_application,
    make_reply,
    make_reports,
    make_submitted,
    time_has_come,
)
from sending.tests.callbacks.receivers import OK, Receiver
from sending.tests.factories import a_number
from smsconsole.templatetags.ui import spaced

pytestmark = pytest.mark.django_db
GIVEN_UP_DAY = timezone.datetime(2026, 5, 4, 9, tzinfo=timezone.get_fixed_timezone(0))


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """How often the worker was woken; nobody listens."""
    calls = []
    monkeypatch.setattr(tasks.deliver_callbacks, "delay", lambda: calls.append(1))
    return calls


def owner_of(application, role=Role.OWNER):
    return log_in(Client(), make_member(role, application.organization))


def log_address(application, **query):
    return reverse("developers:callback_log", args=[application.pk], query=query)


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def rows_of(page):
    return [row.get_text(" ", strip=True) for row in page.select("tbody tr")]


def press(client, name, *args, **fields):
    response = client.post(reverse(f"developers:{name}", args=args), fields, follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser").get_text(" ", strip=True)


def give_up(ids, at=None):
    events = CallbackEvent.objects.filter(pk__in=ids)
    events.update(due_at=None, dead_at=at or timezone.now(), error="HTTP_503", attempts=9)


def test_the_log_tells_state_attempts_and_last_answer(receiver):
    application = make_application(receiver.url)
    (told,) = make_reports(application)
    rounds.deliver()
    (dead,) = make_reports(application, first=5)
    give_up([dead])
    (waiting,) = make_reports(application, first=9)
    first, second, third = rows_of(shown(owner_of(application), log_address(application)))
    assert first.startswith(str(waiting))
    assert "Waiting" in first
    assert second.startswith(str(dead))
    assert "Given up 9 Your server answered with status 503." in second
    assert third.startswith(str(told))
    assert "Called back 1 status 200 after" in third


@pytest.mark.parametrize("state", list(words.STATE_LABELS))
def test_one_state_is_shown_when_asked_for(receiver, state):
    application = make_application(receiver.url)
    made = {"delivered": make_reports(application)}
    rounds.deliver()
    made["dead"] = make_reports(application, first=5)
    give_up(made["dead"])
    made["waiting"] = make_reports(application, first=9)
    (row,) = rows_of(shown(owner_of(application), log_address(application, state=state)))
    assert row.startswith(str(made[state][0]))


def test_replies_have_a_list_of_their_own(receiver):
    application = make_application(receiver.url, receiver.url)
    make_reports(application)
    reply = make_reply(application)
    (row,) = rows_of(shown(owner_of(application), log_address(application, kind="REPLY")))
    assert row.startswith(str(reply.pk))


def test_an_event_leads_to_what_it_is_about(receiver):
    application = make_application(receiver.url, receiver.url)
    (report,) = make_reports(application)
    message = CallbackEvent.objects.get(pk=report).subject_id
    # As of a program: no task has it.
    Message.objects.filter(pk=message).update(task_id=None)
    reply = make_reply(application)
    owner = owner_of(application)
    for kind, address in (
        ("STATUS", reverse("developers:message", args=[message])),
        ("REPLY", reverse("inbox:conversation", args=[reply.subject_id])),
    ):
        page = shown(owner, log_address(application, kind=kind))
        assert page.select_one("tbody a")["href"] == address


def test_numbers_are_masked_for_viewers(receiver):
    application = make_application(receiver.url)
    make_reports(application)
    whole = spaced(a_number(1))
    assert whole in str(shown(owner_of(application), log_address(application)))
    assert whole not in str(shown(owner_of(application, Role.VIEWER), log_address(application)))


def test_the_log_of_an_erased_message_has_no_number(receiver):
    application = make_application(receiver.url)
    make_reports(application)
    rounds.deliver()
    Message.objects.all().erase()
    (row,) = rows_of(shown(owner_of(application), log_address(application)))
    assert "Erased number" in row


def test_a_secret_in_the_query_of_a_url_is_not_shown():
    application = make_application("https://shop.example/sms?token=hush")
    page = str(shown(owner_of(application, Role.VIEWER), log_address(application)))
    assert "https://shop.example/sms?…" in page
    assert "hush" not in page


def test_a_long_log_is_read_page_by_page(receiver, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    application = make_application(receiver.url)
    ids = make_reports(application, 5)
    client, address, seen = owner_of(application), log_address(application, state="waiting"), []
    while address:
        page = shown(client, address)
        seen += [int(row.split()[0]) for row in rows_of(page)]
        following = page.select_one("nav.table-foot a:last-child")
        more = following and "after=" in following["href"]
        address = log_address(application) + following["href"].partition("#")[0] if more else ""
    assert seen == ids[::-1]


def test_a_page_goes_on_after_an_event_that_has_another_state_by_now(receiver, monkeypatch):
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    application = make_application(receiver.url)
    ids = make_reports(application, 5)
    rounds.deliver()
    # The last one that was shown as waiting.
    address = log_address(application, state="delivered", after=ids[3])
    CallbackEvent.objects.filter(pk=ids[3]).update(due_at=timezone.now(), delivered_at=None)
    rows = rows_of(shown(owner_of(application), address))
    assert [int(row.split()[0]) for row in rows] == [ids[2], ids[1]]


def test_an_endpoint_that_is_down_says_since_when_and_until_when():
    with Receiver(lambda told: (503, b"")) as receiver:
        application = make_application(receiver.url)
        make_reports(application)
        rounds.deliver()
    text = shown(owner_of(application), log_address(application)).get_text(" ", strip=True)
    assert "Down since" in text
    assert "Your server answered with status 503." in text
    assert "after 1 failed attempt" in text
    listed = shown(owner_of(application), reverse("developers:callbacks"))
    assert "Down since" in listed.get_text(" ", strip=True)


def test_an_application_without_urls_is_listed_as_such():
    application = make_application("")
    (row,) = rows_of(shown(owner_of(application), reverse("developers:callbacks")))
    assert row.count("No URL") == 2


def test_a_test_callback_goes_the_way_of_all_others(
    receiver, woken, django_capture_on_commit_callbacks
):
    application = make_application(receiver.url, receiver.url)
    client = owner_of(application)
    for kind in ("STATUS", "REPLY"):
        with django_capture_on_commit_callbacks(execute=True):
            assert "A test event is on its way" in press(
                client, "callback_test", application.pk, kind=kind
            )
    assert len(woken) == 2
    rounds.deliver()
    documents = {told.headers["smsconsole-event-kind"]: told.document for told in receiver.told}
    (report,) = documents["STATUS"]
    assert (report["sid"], report["mobile"], report["report_status"]) == (
        "0",
        "2025550123",
        "SUCCESS",
    )
    assert documents["REPLY"]["text"] == "Test of the SMS Console"
    assert not CallbackEvent.objects.filter(is_pullable=True).exists()
    (row,) = rows_of(shown(client, log_address(application)))
    assert "Test Delivered Called back 1" in row


def test_without_a_url_there_is_nothing_to_try():
    application = make_application("")
    client = owner_of(application)
    for name in ("callback_test", "callback_now"):
        assert "There is no URL to call back" in press(client, name, application.pk)
    assert not CallbackEvent.objects.exists()


def test_try_now_ends_the_wait(receiver):
    answers = iter([(503, b"")])
    receiver.answer = lambda told: next(answers, OK)
    application = make_application(receiver.url)
    make_reports(application)
    rounds.deliver()
    assert rounds.deliver() == 0
    press(owner_of(application), "callback_now", application.pk, kind="STATUS")
    assert rounds.deliver() == 1
    assert endpoint_of(application).failures == 0


def test_a_dead_event_is_told_again(receiver):
    application = make_application(receiver.url)
    (dead,) = make_reports(application)
    give_up([dead])
    client = owner_of(application)
    assert "is sent again" in press(client, "callback_again", application.pk, dead)
    assert "is waiting already" in press(client, "callback_again", application.pk, dead)
    assert giving_up.give_up() == 0
    rounds.deliver()
    assert receiver.event_ids == [dead]
    assert AuditEntry.objects.filter(action="smsapplication.told_again").count() == 1


def test_what_was_told_can_be_told_again(receiver):
    application = make_application(receiver.url)
    (told,) = make_reports(application)
    rounds.deliver()
    press(owner_of(application), "callback_again", application.pk, told)
    rounds.deliver()
    assert receiver.event_ids == [told, told]


def test_what_nobody_was_to_be_told_is_not_told_later(receiver):
    application = make_application(receiver.url)
    message = make_submitted(application)[0]
    event = CallbackEvent.objects.create(
        organization_id=application.organization_id,
        application_id=application.pk,
        kind="STATUS",
        subject_id=message.pk,
        state="DELIVERED",
        at=timezone.now(),
    )
    press(owner_of(application), "callback_again", application.pk, event.pk)
    assert rounds.deliver() == 0


def test_all_that_was_given_up_on_some_days_is_told_again(receiver):
    application = make_application(receiver.url, time_zone="Asia/Hong_Kong")
    before, on, after = make_reports(application, 3)
    # 00:30 and 23:30 of 4 May in Hong Kong, and just outside of the day.
    give_up([before], GIVEN_UP_DAY - timedelta(hours=17, minutes=30))
    give_up([on], GIVEN_UP_DAY - timedelta(hours=16, minutes=30))
    give_up([after], GIVEN_UP_DAY + timedelta(hours=7, minutes=30))
    client = owner_of(application)
    days = {"kind": "STATUS", "first": "2026-05-04", "last": "2026-05-04"}
    assert "1 event is sent again." in press(client, "callbacks_again", application.pk, **days)
    rounds.deliver()
    assert receiver.event_ids == [on]
    assert "No event was given up" in press(client, "callbacks_again", application.pk, **days)


def test_one_press_takes_so_many_and_says_that_there_may_be_more(receiver, monkeypatch):
    monkeypatch.setattr(actions, "MOST_AGAIN", 2)
    application = make_application(receiver.url)
    ids = make_reports(application, 3)
    give_up(ids)
    today = timezone.localdate(timezone=application.organization.zone).isoformat()
    days = {"kind": "STATUS", "first": today, "last": today}
    client = owner_of(application)
    assert "There may be more" in press(client, "callbacks_again", application.pk, **days)
    assert "1 event is sent again." in press(client, "callbacks_again", application.pk, **days)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("", "2026-05-04", "Enter a day."),
        ("yesterday", "2026-05-04", "Enter a day, such as"),
        ("2026-05-05", "2026-05-04", "not before the first"),
        ("2026-05-05", "9999-12-31", "Enter a day, such as"),
    ],
)
def test_days_that_are_none_are_refused_in_words(receiver, first, last, sentence):
    application = make_application(receiver.url)
    said = press(owner_of(application), "callbacks_again", application.pk, first=first, last=last)
    assert sentence in said


def test_the_buttons_are_for_those_who_manage(receiver):
    application = make_application(receiver.url)
    make_reports(application)
    rounds.deliver()
    page = shown(owner_of(application, Role.SENDER), log_address(application))
    assert not page.select("main form[method=post]")
    assert page.select("main form[method=get]")


def test_every_error_has_a_sentence_of_its_own():
    codes = [
        *(code for code in connection_errors.CODES if code in words._SENTENCES),
        *("CONNECTION_LOST", "RESPONSE_UNREADABLE", "RESPONSE_TOO_LONG", post.NO_ANSWER_IN_TIME),
        *(delivery.BAD_URL, giving_up.URL_REMOVED, "HTTP_404", "HTTP_302", "RESULT", "RESULT_5"),
    ]
    unknown = words.error_sentence(post.FAILED)
    assert unknown not in [words.error_sentence(code) for code in codes]
    # What a connection to a receiver cannot come to: they are about gateways' settings and binds,
    # what a port speaks instead of SMPP, and a patience with TLS that only gateways have.
    others = {"TLS_SETTINGS", "SETTINGS", "BIND_UNANSWERED", "ENQUIRY_UNANSWERED"}
    spoken = {"NOT_SMPP", "HTTP_SPOKEN", "SMTP_SPOKEN", "TLS_SPOKEN", "TLS_SILENT"}
    assert set(connection_errors.CODES) - words._SENTENCES.keys() == others | spoken


def test_metrics_tell_the_backlog(receiver):
    application = make_application(receiver.url)
    make_reports(application, 3)
    CallbackEvent.objects.update(due_at=timezone.now() - timedelta(hours=2))
    receiver.answer = lambda told: (503, b"")
    rounds.deliver()
    waiting = backlog.of_all()
    assert waiting.count == 3
    assert timezone.now() - waiting.oldest >= timedelta(hours=2)
    assert backlog.endpoints_down() == 1
    receiver.answer = lambda told: OK
    time_has_come()
    rounds.deliver()
    assert (backlog.of_all(), backlog.endpoints_down()) == (backlog.Backlog(0, None), 0)
    assert CallbackEndpoint.objects.count() == 1
