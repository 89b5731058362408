"""Secrets are shown in the answer to the POST that made them, and nowhere else."""

import pytest
from django.urls import reverse

from accounts.models import ApiKey, AuditEntry
from accounts.roles import Role
from accounts.tests.factories import (
    PASSWORD,
    log_in,
    make_active_organization,
    make_api_key,
    make_application,
    make_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    """An owner who is signed in; without a password nobody is asked for it again."""
    member = make_member(Role.OWNER, make_active_organization())
    log_in(client, member)
    return member


@pytest.fixture
def application(owner):
    return owner.organization.applications.get()


def address(name, application, *keys):
    return reverse(f"applications:{name}", args=[application.pk, *(key.pk for key in keys)])


def pages_that_may_know(client, application):
    """Return what every page about the application says, and the messages on it."""
    keys = ApiKey.objects.filter(application=application).usable()
    urls = [reverse("applications:list"), reverse("accounts:audit_trail")]
    urls += [address(name, application) for name in ("detail", "callbacks", "key_create")]
    for key in keys:
        urls += [
            address(name, application, key)
            for name in ("key_edit", "key_rotate", "key_revoke")
            if name != "key_rotate" or not key.expires_at
        ]
    return "".join(client.get(url).text for url in urls)


def test_the_secret_of_a_key_is_shown_once(client, application):
    answer = client.post(address("key_create", application), {"name": "till"})
    key = ApiKey.objects.get()
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert key.secret_key in answer.text
    assert key.secret_id in answer.text
    later = pages_that_may_know(client, application)
    assert key.secret_id in later
    assert key.secret_key not in later


def test_a_key_that_is_replaced_shows_the_new_secret_once(client, application):
    old = make_api_key(application, name="till")
    answer = client.post(address("key_rotate", application, old), {"hours": "24"})
    new = ApiKey.objects.exclude(pk=old.pk).get()
    assert new.secret_key in answer.text
    assert old.secret_key not in answer.text
    later = pages_that_may_know(client, application)
    assert new.secret_key not in later
    assert "works until" in later


@pytest.mark.parametrize("hours", ["", "-1", "169", "a day"])
def test_the_overlap_is_at_most_a_week(client, application, hours):
    key = make_api_key(application)
    answer = client.post(address("key_rotate", application, key), {"hours": hours})
    assert answer.context["form"].errors
    assert ApiKey.objects.count() == 1


def test_the_secret_of_callbacks_is_shown_once(client, application):
    first = client.post(address("callbacks", application), {"callback_url": "https://a.example/in"})
    application.refresh_from_db()
    secret = application.callback_secret
    assert secret in first.text
    assert first["Cache-Control"] == "private, no-store"
    second = client.post(address("callbacks", application), {"callback_url": "https://b.example/"})
    assert second.status_code == 302
    renewed = client.post(address("callback_secret", application))
    application.refresh_from_db()
    assert application.callback_secret != secret
    assert application.callback_secret in renewed.text
    later = pages_that_may_know(client, application)
    assert secret not in later
    assert application.callback_secret not in later
    entries = AuditEntry.objects.filter(action__startswith="smsapplication.").order_by("pk")
    assert [entry.action.partition(".")[2] for entry in entries] == [
        "callbacks_changed", "callbacks_changed", "callback_secret_renewed",
    ]  # fmt: skip
    assert "a.example" not in "".join(str(entry.details) for entry in entries)


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "javascript:alert(1)", "https://me:word@a.example/", "https:///x",
     "https://a.example:99999/", "nothing", "https://a.example/" + "x" * 500],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(client, application, url):
    answer = client.post(address("callbacks", application), {"callback_url": url})
    assert "callback_url" in answer.context["form"].errors
    application.refresh_from_db()
    assert application.callback_url == application.callback_secret == ""


@pytest.mark.parametrize(
    "name", ["key_create", "callback_secret", "callbacks", "key_edit", "key_rotate"]
)
def test_who_signed_in_long_ago_is_asked_for_the_password(client, owner, application, name):
    key = make_api_key(application, name="till")
    owner.user.set_password(PASSWORD)
    owner.user.save()
    log_in(client, owner)
    keys = [key] if name in {"key_edit", "key_rotate"} else []
    form = {"name": "x", "hours": "1", "callback_url": "https://a.example/"}
    answer = client.post(address(name, application, *keys), form)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))
    key.refresh_from_db()
    application.refresh_from_db()
    assert (key.name, key.expires_at, ApiKey.objects.count()) == ("till", None, 1)
    assert application.callback_secret == ""


def test_revoking_asks_for_no_password(client, owner, application):
    key = make_api_key(application)
    log_in(client, owner)
    client.post(address("key_revoke", application, key))
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert client.get(address("key_edit", application, key)).status_code == 404


def test_networks_are_kept_as_networks(client, application):
    form = {"name": "till", "allowed_networks": "203.0.113.9/24\n2001:DB8::/32"}
    client.post(address("key_create", application), form)
    key = ApiKey.objects.get()
    assert key.allowed_networks == ["203.0.113.0/24", "2001:db8::/32"]
    answer = client.post(
        address("key_edit", application, key), {"name": "t", "allowed_networks": "x"}
    )
    assert "“x” is not an address or a network" in answer.text
    key.refresh_from_db()
    assert key.name == "till"


def test_a_key_belongs_to_the_application_of_its_address(client, owner, application):
    other = make_application(owner.organization, name="Other")
    key = make_api_key(application)
    for name in ("key_edit", "key_rotate", "key_revoke"):
        assert client.post(address(name, other, key), {"hours": "1"}).status_code == 404
    key.refresh_from_db()
    assert key.is_usable
