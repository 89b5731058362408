"""Signing in, getting back in, and who may sign up."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import (
    PASSWORD,
    log_in,
    make_member,
    make_operator,
    make_reviewer,
    make_user,
)

pytestmark = pytest.mark.django_db

NEW = "an entirely new phrase"


@pytest.fixture(autouse=True)
def forget_earlier_attempts():
    """Rate limits count in the cache."""
    from django.core.cache import cache

    cache.clear()


def sign_in(client, email, password=PASSWORD, **more):
    form = {"login": email, "password": password, **more}
    return client.post(reverse("account_login"), form)


def test_people_sign_in_by_address_in_any_case(client):
    member = make_member(user=make_user(email="mei@example.com", password=PASSWORD))
    assert sign_in(client, "Mei@Example.com").url == reverse("overview:overview")
    assert client.session["_auth_user_id"] == str(member.user_id)


def test_staff_without_an_organization_start_at_their_work(client):
    make_reviewer(email="rita@example.com", password=PASSWORD)
    assert sign_in(client, "rita@example.com").url == reverse("admin:review_desk")


def test_operators_without_an_organization_start_at_operations(client):
    make_user(email="otto@example.com", password=PASSWORD, is_staff=True, is_superuser=True)
    make_operator(email="olga@example.com", password=PASSWORD)
    for email in ("otto@example.com", "olga@example.com"):
        assert sign_in(Client(), email).url == reverse("operations:gateways")


def test_staff_start_at_their_work_also_as_members(client):
    for make, desk in (
        (make_reviewer, "admin:review_desk"),
        (make_operator, "operations:gateways"),
    ):
        person = make(password=PASSWORD)
        make_member(user=person)
        assert sign_in(Client(), person.email).url == reverse(desk)


def test_who_runs_a_console_alone_starts_at_the_overview(client):
    person = make_user(password=PASSWORD, is_staff=True, is_superuser=True)
    make_member(user=person)
    assert sign_in(client, person.email).url == reverse("overview:overview")


@pytest.mark.parametrize("email", ["mei@example.com", "nobody@example.com"])
def test_a_wrong_password_and_an_unknown_address_read_the_same(client, email):
    make_user(email="mei@example.com", password=PASSWORD)
    page = sign_in(client, email, "wrong wrong wrong").content.decode()
    assert "The e-mail address or the password is not correct." in page
    assert f'value="{email}"' in page


def test_guessing_is_slowed_down(client):
    make_user(email="mei@example.com", password=PASSWORD)
    for _ in range(5):
        sign_in(client, "mei@example.com", "wrong wrong wrong")
    page = sign_in(client, "mei@example.com").content.decode()
    assert "Too many failed attempts" in page
    assert "_auth_user_id" not in client.session


def test_somebody_switched_off_stays_out(client):
    make_user(email="mei@example.com", password=PASSWORD, is_active=False)
    sign_in(client, "mei@example.com")
    assert "_auth_user_id" not in client.session


def test_sign_up_is_closed(client):
    page = client.get(reverse("account_signup"))
    assert "Sign-up is closed" in page.content.decode()
    form = {"name": "Eve", "email": "eve@example.com", "password1": NEW, "password2": NEW}
    client.post(reverse("account_signup"), form)
    assert not User.objects.exists()
    assert "Create an account" not in client.get(reverse("account_login")).content.decode()


def test_sign_up_opens_by_setting(client, settings):
    settings.SIGNUP_OPEN = True
    form = {"name": "Eve", "email": "eve@example.com", "password1": NEW, "password2": NEW}
    client.post(reverse("account_signup"), form)
    assert User.objects.get().name == "Eve"
    assert client.get(reverse("accounts:settings")).url == reverse("accounts:organization_create")


def test_a_forgotten_password_is_reset_by_one_link(
    client, send_mail_at_once, django_capture_on_commit_callbacks
):
    make_user(email="mei@example.com", password=PASSWORD)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("account_reset_password"),
            {"email": "mei@example.com"},
            headers={"host": "localhost"},
        )
    mail = outbox.outbox[0]
    link = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.body).group(1)
    assert mail.subject == "Choose a new password"
    assert "localhost" not in mail.body
    address = client.get(link, follow=True).request["PATH_INFO"]
    client.post(address, {"password1": NEW, "password2": NEW})
    assert User.objects.get().check_password(NEW)
    client.session.flush()
    assert "This link no longer works" in client.get(link, follow=True).content.decode()


def test_an_unknown_address_gets_no_mail_and_the_page_tells_nothing(
    client, send_mail_at_once, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert answer.url == reverse("account_reset_password_done")
    assert outbox.outbox == []


@pytest.mark.parametrize("email", ["mei@example.com", "nobody@example.com"])
def test_a_reset_does_the_same_work_for_known_and_unknown_addresses(
    client, monkeypatch, django_capture_on_commit_callbacks, django_assert_num_queries, email
):
    make_user(email="mei@example.com", password=PASSWORD)
    queued = []
    monkeypatch.setattr("accounts.tasks.reset_link.delay", lambda **about: queued.append(about))
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(0):
        answer = client.post(reverse("account_reset_password"), {"email": email})
    assert answer.url == reverse("account_reset_password_done")
    assert queued == [{"email": email, "language": "en"}]


def test_one_address_is_not_flooded_with_reset_mails(
    client, send_mail_at_once, django_capture_on_commit_callbacks
):
    make_user(email="mei@example.com", password=PASSWORD)
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(6):
            answer = client.post(
                reverse("account_reset_password"),
                {"email": "Mei@example.com"},
                REMOTE_ADDR=f"203.0.113.{number}",
            )
    assert len(outbox.outbox) == 3
    assert answer.status_code == 429
    assert "Try again in a few minutes" in answer.text


@pytest.mark.parametrize("weak", ["short", "password1234", "mei@example.com"])
def test_a_weak_password_is_refused(client, weak):
    user = make_user(email="mei@example.com", name="Mei", password=PASSWORD)
    log_in(client, user)
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": weak, "password2": weak},
    )
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_changed_password_is_told_by_mail(
    client, send_mail_at_once, django_capture_on_commit_callbacks
):
    user = make_user(email="mei@example.com", password=PASSWORD)
    log_in(client, user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
        )
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert [(m.to, m.subject) for m in outbox.outbox] == [
        (["mei@example.com"], "Your password was changed")
    ]


def test_the_second_step_is_asked_for_and_its_secret_is_encrypted(client):
    user = make_user(email="mei@example.com", password=PASSWORD)
    make_member(user=user)
    sign_in(client, user.email)
    assert client.get(reverse("mfa_activate_totp")).url.startswith(
        reverse("account_reauthenticate")
    )
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = code_of(secret)
    client.post(reverse("mfa_activate_totp"), {"code": code})
    stored = Authenticator.objects.get(user=user, type="totp").data["secret"]
    assert secret not in stored
    client.logout()
    assert sign_in(client, user.email).url == reverse("mfa_authenticate")
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "_auth_user_id" not in client.session
    unused = recovery_codes(user)
    client.post(reverse("mfa_authenticate"), {"code": unused[0]})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert recovery_codes(user) == unused[1:]


def recovery_codes(user):
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def code_of(secret):
    """What the app shows now; the codes before and after it are taken too."""
    _, counter, _ = totp.yield_hotp_counters_from_time()
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


@pytest.mark.parametrize("was_confirmed", [True, False])
def test_another_address_counts_only_when_its_link_is_opened_and_the_old_one_is_told(
    client, send_mail_at_once, django_capture_on_commit_callbacks, was_confirmed
):
    user = make_user(email="old@example.com", password=PASSWORD)
    if was_confirmed:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    sign_in(client, user.email)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})
    user.refresh_from_db()
    assert user.email == "old@example.com"
    mail = outbox.outbox[-1]
    assert mail.to == ["new@example.com"]
    link = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mail.body).group(1)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(link)
    user.refresh_from_db()
    assert user.email == "new@example.com"
    told = [mail for mail in outbox.outbox if mail.to == ["old@example.com"]]
    assert [mail.subject for mail in told] == ["Your e-mail address was changed"]


PAGES = (
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_signup",
)


@pytest.mark.parametrize("name", PAGES)
def test_entrance_pages_say_their_language_and_load_nothing_from_elsewhere(client, name):
    page = client.get(reverse(name)).content.decode()
    assert '<html lang="en"' in page
    assert "<main" in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert " style=" not in page


def test_the_demo_notice_is_for_the_demo_only(client, settings):
    assert "Demo data" not in client.get(reverse("account_login")).content.decode()
    settings.MODE = "demo"
    assert "Demo data" in client.get(reverse("account_login")).content.decode()
