"""Operators set limits of applications by the same rules, and end keys without seeing secrets."""

import pytest
from django.core import mail as outbox
from django.urls import reverse

from accounts.models import ApiKey, AuditEntry
from accounts.roles import Role
from accounts.tests.factories import (
    log_in,
    make_api_key,
    make_application,
    make_contact,
    make_member,
    make_operator,
    make_organization,
    make_reviewer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    organization = make_organization(daily_segment_limit=1000)
    return make_application(organization, name="Shop", callback_secret="signs it")


@pytest.fixture
def save(client, application):
    """Post the form as it stands, with some fields changed."""
    log_in(client, make_operator())
    address = reverse("admin:accounts_smsapplication_change", args=[application.pk])

    def post(**fields):
        page = client.get(address)
        form = {}
        for name, value in page.context["adminform"].form.initial.items():
            form[name] = (
                ""
                if value is None
                else [c.pk for c in value]
                if name == "alarm_contacts"
                else value
            )
        rows = [*application.countries.order_by("pk")]
        for prefix, number in (("countries", len(rows)), ("api_keys", 0)):
            form |= {f"{prefix}-TOTAL_FORMS": number, f"{prefix}-INITIAL_FORMS": number}
        for at, row in enumerate(rows):
            form |= {
                f"countries-{at}-id": row.pk,
                f"countries-{at}-country": row.country,
                f"countries-{at}-daily_segment_limit": row.daily_segment_limit or "",
            }
        answer = client.post(address, {**form, **fields})
        application.refresh_from_db()
        return answer

    return post


def test_limits_and_who_is_told_are_saved(save, application):
    contact = make_contact(application.organization)
    fields = {
        "daily_segment_limit": 900,
        "daily_alarm_segments": 800,
        "alarm_contacts": [contact.pk],
        "countries-TOTAL_FORMS": 1,
        "countries-0-country": "HK",
        "countries-0-daily_segment_limit": 500,
    }
    assert save(**fields).status_code == 302
    assert (application.daily_segment_limit, application.daily_alarm_segments) == (900, 800)
    assert list(application.alarm_contacts.all()) == [contact]
    assert list(application.countries.values_list("country", "daily_segment_limit")) == [
        ("HK", 500)
    ]
    assert application.callback_secret == "signs it"
    assert AuditEntry.objects.get().action == "smsapplication.changed"


@pytest.mark.parametrize(
    "fields",
    [
        {"daily_segment_limit": 1001},
        {"daily_alarm_segments": 5},
        {"number_hourly_limit": 6, "number_daily_limit": 5},
        {"callback_url": "ftp://a.example/"},
        {"callback_url": "https://me:word@a.example/"},
        {"originator": "much too long"},
        {"countries-TOTAL_FORMS": 1, "countries-0-country": "CN"},
        {
            "countries-TOTAL_FORMS": 1,
            "countries-0-country": "HK",
            "countries-0-daily_segment_limit": 1001,
        },
    ],
)
def test_what_does_not_fit_is_refused(save, application, fields):
    assert save(**fields).status_code == 200
    assert not AuditEntry.objects.exists()
    assert not application.countries.exists()


def test_only_contacts_of_its_organization_can_be_told(save, application):
    theirs = make_contact(make_organization())
    assert save(alarm_contacts=[theirs.pk]).status_code == 200
    assert not application.alarm_contacts.exists()


def test_no_page_shows_a_secret(client, application):
    key = make_api_key(application, secret_key="never to be seen")
    log_in(client, make_operator())
    pages = [
        reverse("admin:accounts_apikey_changelist"),
        reverse("admin:accounts_apikey_change", args=[key.pk]),
        reverse("admin:accounts_smsapplication_change", args=[application.pk]),
    ]
    shown = "".join(client.get(page).text for page in pages)
    assert shown.count(key.secret_id) >= 3
    assert key.secret_key not in shown
    assert "signs it" not in shown


def revoke(client, *keys):
    form = {"action": "revoke", "_selected_action": [key.pk for key in keys], "index": "0"}
    return client.post(reverse("admin:accounts_apikey_changelist"), form, follow=True)


def test_operators_end_keys_and_owners_are_told(
    client, application, send_mail_at_once, django_capture_on_commit_callbacks
):
    owner = make_member(Role.OWNER, application.organization)
    key, ended = make_api_key(application, name="till"), make_api_key(application, name="gone")
    operator = make_operator()
    log_in(client, operator)
    with django_capture_on_commit_callbacks(execute=True):
        revoke(client, ended)
        answer = revoke(client, key, ended)
    assert "1 API key was revoked." in answer.text
    assert "one has ended already." in answer.text
    assert not ApiKey.objects.all().usable().exists()
    entry = AuditEntry.objects.filter(action="api_key.revoked").latest("pk")
    assert (entry.actor, entry.organization) == (operator, application.organization)
    assert [mail.to for mail in outbox.outbox] == [[owner.user.email]] * 2
    assert "API key revoked: till, Shop" in outbox.outbox[1].body


def test_reviewers_do_not(client, application):
    key = make_api_key(application)
    log_in(client, make_reviewer())
    assert revoke(client, key).status_code == 403
    assert ApiKey.objects.all().usable().exists()


def test_a_contact_that_fits_no_column_is_no_choice(save, application):
    """SQLite and PostgreSQL hold 64 bits: more must be an error of the form, not of the page."""
    answer = save(daily_alarm_segments=800, alarm_contacts=[str(2**63)])
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["alarm_contacts"] == [
        "Choose people from the list."
    ]
    assert not application.alarm_contacts.exists()
