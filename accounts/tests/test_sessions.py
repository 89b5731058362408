"""Where people are signed in, and how that ends."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.templatetags.browsers import browser
from accounts.tests.factories import PASSWORD, log_in, make_member, make_user

pytestmark = pytest.mark.django_db

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
DESKTOP = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"
)


@pytest.fixture
def mei():
    return make_member(user=make_user(email="mei@example.com", password=PASSWORD))


def signed_in(member, agent=DESKTOP, address="203.0.113.7"):
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    log_in(client, member).get("/")
    return client


def is_signed_in(client):
    return client.get("/").status_code == 200


def test_the_page_names_browser_address_and_this_one(mei):
    signed_in(mei, PHONE, "198.51.100.9")
    page = signed_in(mei).get(reverse("usersessions_list")).text
    for words in (
        "Safari on iPhone",
        "198.51.100.9",
        "Edge on Windows",
        "203.0.113.7",
        "(this one)",
    ):
        assert words in page
    assert page.count('type="submit"') > 2


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Safari on iPhone"),
        (DESKTOP, "Edge on Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("curl/8.5.0", "Another program"),
        ("", "Another program"),
    ],
)
def test_browsers_have_the_names_that_people_know(agent, name):
    assert browser(agent) == name


def test_one_session_is_ended_at_once_and_the_others_stay(mei):
    here, phone, office = signed_in(mei), signed_in(mei, PHONE), signed_in(mei)
    ended = UserSession.objects.get(session_key=phone.session.session_key)
    here.post(reverse("accounts:session_end", args=[ended.pk]))
    assert not is_signed_in(phone)
    assert is_signed_in(here)
    assert is_signed_in(office)
    entry = AuditEntry.objects.get(action="account.sessions_ended")
    assert (entry.actor, entry.person) == (mei.user, mei.user)


def test_all_others_are_ended_at_once(mei):
    here, phone, office = signed_in(mei), signed_in(mei, PHONE), signed_in(mei)
    here.post(reverse("usersessions_list"))
    assert is_signed_in(here)
    assert not is_signed_in(phone)
    assert not is_signed_in(office)


def test_nobody_ends_a_session_of_somebody_else(mei):
    theirs = signed_in(make_member())
    session = UserSession.objects.get(session_key=theirs.session.session_key)
    answer = signed_in(mei).post(reverse("accounts:session_end", args=[session.pk]))
    assert answer.status_code == 404
    assert is_signed_in(theirs)


def test_a_changed_password_ends_all_other_sessions(mei):
    here, phone = signed_in(mei), signed_in(mei, PHONE)
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    new = "copper lantern tuesday"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post(reverse("account_change_password"), form)
    mei.user.refresh_from_db()
    assert mei.user.check_password(new)
    assert is_signed_in(here)
    assert not is_signed_in(phone)


def test_a_session_ends_when_nothing_happens_for_two_hours(mei):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        busy, idle = signed_in(mei), signed_in(mei)
        clock.shift(timedelta(hours=1, minutes=55))
        assert is_signed_in(busy)
        clock.shift(timedelta(minutes=10))
        assert is_signed_in(busy)
        assert not is_signed_in(idle)


def test_a_page_that_asks_for_its_own_news_keeps_nobody_signed_in(mei):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(mei)
        for _ in range(5):
            clock.shift(timedelta(minutes=25))
            client.get("/", headers={"hx-request": "true"})
        assert not is_signed_in(client)


def test_a_session_ends_after_twelve_hours_however_busy(mei):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(mei)
        for _ in range(11):
            clock.shift(timedelta(hours=1))
            assert is_signed_in(client)
        clock.shift(timedelta(hours=1, minutes=1))
        assert not is_signed_in(client)
