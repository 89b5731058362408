"""Guessing becomes slow, and nobody can keep anybody else out."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
import time_machine
from django.conf import settings as project
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import LoginThrottle
from accounts.tests.factories import PASSWORD, make_member, make_user
from accounts.throttle import ADDRESS, DEVICE, KEPT_FOR, PERSON_AT_ADDRESS, LoginAttempt

pytestmark = pytest.mark.django_db

MEI, HOME, ELSEWHERE = "mei@example.com", "203.0.113.7", "198.51.100.9"
TOO_MANY = "Too many failed attempts."


@pytest.fixture(autouse=True)
def mei():
    from django.core.cache import cache

    cache.clear()
    return make_member(user=make_user(email=MEI, password=PASSWORD)).user


def sign_in(client, password=PASSWORD, email=MEI, address=HOME, **headers):
    form = {"login": email, "password": password}
    return client.post(reverse("account_login"), form, REMOTE_ADDR=address, headers=headers)


def fail(times, email=MEI, address=HOME, client=None, **headers):
    for _ in range(times):
        sign_in(client or Client(), "wrong wrong wrong", email, address, **headers)


def gets_in(client, **how):
    sign_in(client, **how)
    return "_auth_user_id" in client.session


def test_failures_behind_the_proxy_of_everybody_lock_nobody_out(settings):
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    proxied = {"address": "127.0.0.1", "x-forwarded-for": ELSEWHERE}
    for number in range(40):
        fail(1, email=f"somebody{number}@example.com", **proxied)
    assert gets_in(Client(), **{**proxied, "x-forwarded-for": HOME})


def test_a_stranger_elsewhere_never_keeps_the_owner_out():
    for number in range(20):
        fail(6, address=f"198.51.100.{number}")
    assert gets_in(Client())


def test_somebody_behind_the_same_address_does_not_keep_a_known_browser_out():
    known = Client()
    assert gets_in(known)
    known.post(reverse("account_logout"))
    fail(PERSON_AT_ADDRESS.free)
    for number in range(ADDRESS.free):
        fail(1, email=f"somebody{number}@example.com")
    assert not gets_in(Client())
    assert gets_in(known)


def test_a_known_browser_has_no_endless_tries():
    known = Client()
    sign_in(known)
    known.post(reverse("account_logout"))
    fail(DEVICE.free, client=known)
    assert TOO_MANY in sign_in(known).text


def test_a_cookie_of_somebody_else_or_a_forged_one_is_worth_nothing():
    make_user(email="eve@example.com", password=PASSWORD)
    eve = Client()
    sign_in(eve, email="eve@example.com")
    eve.post(reverse("account_logout"))
    fail(PERSON_AT_ADDRESS.free, client=eve)
    assert TOO_MANY in sign_in(eve).text
    eve.cookies[project.DEVICE_COOKIE_NAME] = "forged"
    assert TOO_MANY in sign_in(eve).text


def test_the_wait_grows_with_every_failure_and_ends():
    waits = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(PERSON_AT_ADDRESS.free)
        for _ in range(4):
            row = LoginThrottle.objects.filter(blocked_until__gt=timezone.now()).get()
            waits.append(row.blocked_until - timezone.now())
            assert TOO_MANY in sign_in(Client()).text
            clock.shift(waits[-1])
            fail(1)
        assert waits == [timedelta(seconds=seconds) for seconds in (15, 30, 60, 120)]
        clock.shift(timedelta(hours=1))
        assert gets_in(Client())


def test_a_refused_try_does_not_lengthen_the_wait():
    fail(PERSON_AT_ADDRESS.free)
    before = LoginThrottle.objects.values_list("key", "failures", "blocked_until")
    before = sorted(before)
    fail(20)
    assert sorted(LoginThrottle.objects.values_list("key", "failures", "blocked_until")) == before


def test_the_wait_is_never_longer_than_an_hour():
    assert PERSON_AT_ADDRESS.wait(10_000) == timedelta(hours=1)


def test_many_people_tried_from_one_address_are_one_guesser():
    for number in range(ADDRESS.free):
        fail(1, email=f"somebody{number}@example.com")
    assert TOO_MANY in sign_in(Client()).text
    assert gets_in(Client(), address=ELSEWHERE)


def test_a_login_of_ones_own_does_not_pay_for_guesses():
    make_user(email="eve@example.com", password=PASSWORD)
    for number in range(ADDRESS.free):
        fail(1, email=f"somebody{number}@example.com")
        sign_in(Client(), email="eve@example.com")
    assert TOO_MANY in sign_in(Client()).text


def test_a_subscriber_of_ipv6_is_one_guesser_whatever_address_they_choose():
    for number in range(PERSON_AT_ADDRESS.free):
        fail(1, address=f"2001:db8::{number}")
    assert TOO_MANY in sign_in(Client(), address="2001:db8::ffff").text
    assert gets_in(Client(), address="2001:db8:0:1::1")


def test_tries_at_the_same_moment_are_all_counted():
    request = RequestFactory().get("/", REMOTE_ADDR=HOME)
    tries = [LoginAttempt(request, MEI) for _ in range(PERSON_AT_ADDRESS.free + 3)]
    waits = [one.begin() for one in tries]
    assert [bool(wait) for wait in waits] == [False] * PERSON_AT_ADDRESS.free + [True] * 3


def test_a_success_begins_anew():
    fail(PERSON_AT_ADDRESS.free - 1)
    assert gets_in(Client())
    fail(PERSON_AT_ADDRESS.free - 1)
    assert gets_in(Client())


def test_the_sentence_says_how_long_and_is_the_same_for_unknown_addresses():
    fail(PERSON_AT_ADDRESS.free)
    fail(PERSON_AT_ADDRESS.free, email="nobody@example.com")
    for email in (MEI, "nobody@example.com"):
        assert "Wait 1 minute, then try again." in sign_in(Client(), email=email).text


def test_old_counters_are_removed():
    with time_machine.travel(timezone.now() - KEPT_FOR - timedelta(minutes=1)):
        fail(1, address=ELSEWHERE)
    assert LoginThrottle.objects.count() == 2
    fail(1)
    assert LoginThrottle.objects.count() == 2


def test_who_forgot_the_password_gets_in_with_a_new_one_at_once(client, mei):
    from accounts.mail import reset_link

    fail(PERSON_AT_ADDRESS.free)
    link = reset_link(mei).removeprefix(project.PUBLIC_URL)
    page = client.get(link, follow=True, REMOTE_ADDR=HOME).request["PATH_INFO"]
    new = {"password1": "an entirely new phrase", "password2": "an entirely new phrase"}
    client.post(page, new, REMOTE_ADDR=HOME)
    assert gets_in(Client(), password=new["password1"])
