"""Who reads the console in which language, and mails in that of their reader."""

from datetime import UTC, datetime

import pytest
from django.core import mail as outbox
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.actions import invite
from accounts.languages import language_of
from accounts.mail import (
    address_changed_mail,
    api_key_mails,
    invitation_mail,
    reset_link_mail,
)
from accounts.models import Contact
from accounts.roles import Role
from accounts.tests.factories import (
    log_in,
    make_active_organization,
    make_api_key,
    make_contact,
    make_member,
    make_organization,
    make_user,
)

pytestmark = pytest.mark.django_db
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9,en;q=0.5"}
SIGN_IN = "account_login"


def language_of_page(client: Client, name: str, **headers: str) -> str:
    response = client.get(reverse(name), **headers)
    html = response.content.decode()
    shown = html.partition('<html lang="')[2].partition('"')[0]
    assert response["Content-Language"] == shown
    return shown


@pytest.mark.parametrize(
    ("accepts", "shown"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh-Hans-SG", "zh-hans"),
        ("zh", "zh-hans"),
        ("de,zh;q=0.5,en;q=0.3", "zh-hans"),
        ("fr-FR,en;q=0.5", "en"),
        ("xx;q=nonsense", "en"),
    ],
)
def test_a_browser_says_what_a_stranger_reads(client: Client, accepts: str, shown: str) -> None:
    assert language_of_page(client, SIGN_IN, HTTP_ACCEPT_LANGUAGE=accepts) == shown


def test_a_choice_before_signing_in_holds_against_the_browser(client: Client) -> None:
    response = client.post(reverse("language"), {"language": "zh-hans", "next": "/accounts/login/"})
    assert response.url == "/accounts/login/"
    assert language_of_page(client, SIGN_IN, HTTP_ACCEPT_LANGUAGE="en") == "zh-hans"
    client.post(reverse("language"), {"language": "en"})
    assert language_of_page(client, SIGN_IN, **CHINESE) == "en"


def test_a_persons_choice_follows_them_to_another_browser(client: Client) -> None:
    member = make_member()
    log_in(client, member).post(reverse("language"), {"language": "zh-hans"})
    member.user.refresh_from_db()
    assert member.user.language == "zh-hans"
    other = log_in(Client(), member)
    assert language_of_page(other, "accounts:settings", HTTP_ACCEPT_LANGUAGE="en") == "zh-hans"
    # Nobody after them, in the same thread, is answered in it.
    assert language_of_page(Client(), SIGN_IN) == "en"


def test_who_never_chose_reads_what_the_browser_says(client: Client) -> None:
    assert language_of_page(log_in(client, make_member()), "accounts:settings", **CHINESE) == (
        "zh-hans"
    )


@pytest.mark.parametrize("language", ["", "xx", "zh-hans\r\nX: y", "fr"])
def test_a_language_that_is_not_spoken_changes_nothing(client: Client, language: str) -> None:
    member = make_member()
    response = log_in(client, member).post(
        reverse("language"), {"language": language, "next": "https://elsewhere.example/"}
    )
    assert response.url == "/"
    assert "language" not in response.cookies
    member.user.refresh_from_db()
    assert member.user.language == ""


def test_pages_offer_the_other_language_by_its_own_name(client: Client) -> None:
    page = client.get(reverse(SIGN_IN)).content.decode()
    assert 'lang="zh-hans">简体中文</button>' in page
    page = client.get(reverse(SIGN_IN), **CHINESE).content.decode()
    assert 'lang="en">English</button>' in page
    assert "登录" in page


def test_an_address_is_known_by_its_person_then_by_the_contact() -> None:
    organization = make_organization()
    make_contact(organization, email="Li@example.com", language="zh-hans")
    make_contact(make_organization(), email="wu@example.com", language="zh-hans")
    make_user(email="chen@example.com", language="zh-hans")
    make_user(email="old@example.com", language="tlh")
    assert language_of("li@example.com", organization) == "zh-hans"
    assert language_of("li@example.com") == "en"
    assert language_of("wu@example.com", organization) == "en"
    assert language_of("Chen@example.com") == "zh-hans"
    assert language_of("old@example.com") == "en"
    make_user(email="li@example.com", language="en")
    assert language_of("li@example.com", organization) == "en"


def test_a_contact_is_written_to_in_the_language_that_members_chose(client: Client) -> None:
    owner = log_in(client, make_member(Role.OWNER))
    page = owner.get(reverse("accounts:contact_create"), **CHINESE).content.decode()
    assert '<option value="zh-hans" selected>简体中文</option>' in page
    wanted = {"name": "Li", "email": "li@example.com", "language": "zh-hans"}
    owner.post(reverse("accounts:contact_create"), wanted)
    contact = Contact.objects.get()
    assert contact.language == "zh-hans"
    owner.post(reverse("accounts:contact_edit", args=[contact.pk]), {**wanted, "language": "en"})
    contact.refresh_from_db()
    assert (contact.name, contact.language) == ("Li", "en")


def test_each_reader_gets_a_mail_in_their_language() -> None:
    organization = make_active_organization(name="Harbourline")
    owner = make_member(Role.OWNER, organization)
    other = make_member(Role.OWNER, organization)
    other.user.language = "zh-hans"
    other.user.save()
    key = make_api_key(organization.applications.get())
    key.expires_at = datetime(2026, 11, 29, 9, 30, tzinfo=UTC)
    with timezone.override(UTC), translation.override("zh-hans"):
        mails = {mail.to: mail for mail in api_key_mails(key, actor=owner.user, replaced=key)}
    english, chinese = mails[owner.user.email], mails[other.user.email]
    assert english.subject == "Harbourline has a new API key"
    assert chinese.subject == "Harbourline 有新的 API 密钥"
    assert "29 November 2026, 09:30 UTC" in english.text
    assert "2026年11月29日 09:30 UTC" in chinese.text


def test_strangers_are_written_to_in_the_language_of_the_page() -> None:
    owner = make_member(Role.OWNER)
    invitation, token = invite(actor=owner, email="new@example.com", role=Role.VIEWER)
    with translation.override("zh-hans"):
        assert "邀请您加入" in invitation_mail(invitation, token).subject
        person = make_user(language="en")
        assert address_changed_mail("a@b.example", person=person, actor=owner).subject == (
            "Your e-mail address was changed"
        )
    assert reset_link_mail(owner.user, "zh-hans").subject == "设置新密码"
    owner.user.language = "en"
    owner.user.save()
    assert reset_link_mail(owner.user, "zh-hans").subject == "Choose a new password"


def test_a_forgotten_password_is_answered_in_the_language_of_the_page(
    client: Client, send_mail_at_once: None, django_capture_on_commit_callbacks: object
) -> None:
    make_user(email="mei@example.com")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(reverse("account_reset_password"), {"email": "mei@example.com"}, **CHINESE)
    assert [mail.subject for mail in outbox.outbox] == ["设置新密码"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "1,234,567 30 Jan, 08:05 UTC"), ("zh-hans", "1,234,567 1月30日 08:05 UTC")],
)
def test_numbers_and_times_are_written_as_the_language_does(language: str, shown: str) -> None:
    at = timezone.now().replace(month=1, day=30, hour=8, minute=5)
    words = Template("{% load humanize ui %}{{ n|intcomma }} {{ at|at|striptags }}")
    with translation.override(language), timezone.override(UTC):
        assert words.render(Context({"n": 1_234_567, "at": at})) == shown


def test_lists_have_the_comma_of_the_language() -> None:
    words = Template("{% load ui %}{{ names|listed }}")
    assert words.render(Context({"names": ["A", "B"]})) == "A, B"
    with translation.override("zh-hans"):
        assert words.render(Context({"names": ["A", "B"]})) == "A、B"
