"""The page of the auth token: made once, rotated without a gap, revoked."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import ApiKey, AuditEntry, CallbackDialect, KeyKind
from accounts.roles import Role
from accounts.tests.factories import log_in, make_active_organization, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(client):
    member = make_member(Role.OWNER, make_active_organization())
    log_in(client, member)
    return member.organization.applications.get()


def post(client, name, application):
    return client.post(reverse(f"applications:{name}", args=[application.pk]))


def test_a_token_is_made_shown_once_and_rotated(
    client, application, django_capture_on_commit_callbacks
):
    page = reverse("applications:token", args=[application.pk])
    assert application.account_sid in client.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        shown = post(client, "token_new", application).content.decode()
    key = ApiKey.objects.get()
    assert (key.kind, key.secret_id) == (KeyKind.TOKEN.value, application.account_sid)
    assert key.secret_key in shown
    assert key.secret_key not in client.get(page).content.decode()
    second = post(client, "token_new", application).content.decode()
    key.refresh_from_db()
    assert key.second_key in second
    waiting = key.second_key
    assert post(client, "token_promote", application).status_code == 302
    key.refresh_from_db()
    assert (key.secret_key, key.second_key) == (waiting, "")
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"api_key.created", "api_key.second_token_made", "api_key.token_promoted"} <= actions
    assert not any(waiting in str(entry.details) for entry in AuditEntry.objects.all())
    assert not any(waiting in one.body for one in mail.outbox)


def test_promoting_without_a_second_token_says_so(client, application):
    post(client, "token_new", application)
    answer = client.post(reverse("applications:token_promote", args=[application.pk]), follow=True)
    assert "There is no second token" in answer.content.decode()


def test_a_token_is_no_key_that_is_replaced_by_another(client, application):
    post(client, "token_new", application)
    key = ApiKey.objects.get()
    url = reverse("applications:key_rotate", args=[application.pk, key.pk])
    assert client.post(url, {"hours": 0}).headers["Location"] == reverse(
        "applications:token", args=[application.pk]
    )
    assert ApiKey.objects.count() == 1


def test_a_key_for_twilio_is_made_where_it_is_chosen(client, application):
    url = reverse("applications:key_create", args=[application.pk])
    client.post(url, {"name": "shop", "kind": "BASIC"})
    assert ApiKey.objects.get().secret_id.startswith("SK")


def test_the_form_of_callbacks_is_chosen(client, application):
    url = reverse("applications:callbacks", args=[application.pk])
    client.post(url, {"callback_dialect": "TWILIO"})
    application.refresh_from_db()
    assert application.callback_dialect == CallbackDialect.TWILIO.value
    assert not application.has_callback_secret
    client.post(url, {"callback_dialect": "nonsense"})
    application.refresh_from_db()
    assert application.callback_dialect == CallbackDialect.TWILIO.value
