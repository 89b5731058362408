"""The pages of applications: who changes what, and what a page shows of it."""

import pytest
from django.urls import reverse

from accounts.actions import applications as actions
from accounts.models import AuditEntry, OriginatorState, SmsApplication
from accounts.roles import Role
from accounts.tests.factories import (
    log_in,
    make_active_organization,
    make_api_key,
    make_contact,
    make_member,
    make_organization,
    make_originator,
)
from sending.models import DailyUse

pytestmark = pytest.mark.django_db
LIMITS = {"repeat_seconds": "30"}


@pytest.fixture
def owner():
    return make_member(Role.OWNER, make_active_organization(daily_segment_limit=1000))


@pytest.fixture
def application(owner):
    return owner.organization.applications.get()


@pytest.fixture
def page(client, owner, application):
    """Ask for a page of the application, or post a form to it."""
    log_in(client, owner)

    def ask(name, form=None, follow=False, **rows):
        url = reverse(f"applications:{name}", kwargs={"pk": application.pk, **rows})
        return client.get(url) if form is None else client.post(url, form, follow=follow)

    return ask


def test_a_new_application_gets_an_id_of_its_own(client, owner, application):
    log_in(client, owner)
    make_originator(owner.organization, "+85261234567")
    form = {"name": "Shop", "description": "Codes", "originator": "+85261234567"}
    answer = client.post(reverse("applications:create"), form, follow=True)
    made = SmsApplication.objects.get(name="Shop")
    assert made.originator == "+85261234567"
    assert made.sdk_app_id.startswith("2400")
    assert made.sdk_app_id != application.sdk_app_id
    assert made.sdk_app_id in answer.text
    assert AuditEntry.objects.latest("pk").action == "smsapplication.created"


@pytest.mark.parametrize("originator", ["Müller", "Unknown", "Waiting", "OnlyHK", "Theirs"])
def test_only_approved_originators_of_the_organization_can_be_chosen(client, owner, originator):
    make_originator(owner.organization, "Waiting", OriginatorState.PENDING)
    make_originator(owner.organization, "OnlyHK", country="HK")
    make_originator(make_organization(), "Theirs")
    log_in(client, owner)
    form = {"name": "Shop", "originator": originator}
    answer = client.post(reverse("applications:create"), form)
    assert "originator" in answer.context["form"].errors
    assert not SmsApplication.objects.filter(name="Shop").exists()


def test_there_is_a_most_of_applications(client, owner, application, monkeypatch):
    monkeypatch.setattr(actions, "MOST_APPLICATIONS", 1)
    answer = log_in(client, owner).post(reverse("applications:create"), {"name": "Shop"})
    assert "there can be no more" in answer.text
    assert SmsApplication.objects.count() == 1


def test_viewers_read_limits_and_keys_and_change_nothing(client, owner, application):
    make_api_key(application, name="till")
    application.callback_url = "https://shop.example/secret-path"
    application.save()
    viewer = make_member(Role.VIEWER, owner.organization)
    log_in(client, viewer)
    shown = client.get(reverse("applications:detail", args=[application.pk])).text
    assert "till" in shown
    assert "secret-path" not in shown
    for words in ("Change limits", "Change countries", "Make a key", "Revoke", "Switch off"):
        assert words not in shown
    assert "New application" not in client.get(reverse("applications:list")).text


def test_a_list_shows_ids_as_text_and_what_is_used(client, owner, application):
    day = owner.organization.local_hour(application.created_at) // 100
    for number, segments in ((0, 912), (application.pk, 345)):
        DailyUse.objects.create(
            organization_id=owner.organization.pk, application_id=number, day=day, segments=segments
        )
    DailyUse.objects.create(organization_id=0, application_id=application.pk, day=day, segments=7)
    shown = log_in(client, owner).get(reverse("applications:list")).text
    assert f">{application.sdk_app_id}</code>" in shown
    assert ">345<" in "".join(shown.split())
    assert "912 of 1,000" in shown


def test_switching_off_says_what_happens_and_on_undoes_it(page, application):
    assert "still sent" in page("disable").text
    assert "Nobody can send a task while it is off" in page("disable").text
    assert "switched off" in page("disable", {}, follow=True).text
    application.refresh_from_db()
    assert not application.is_enabled
    page("enable", {})
    page("enable", {})
    application.refresh_from_db()
    assert application.is_enabled
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["smsapplication.disabled", "smsapplication.enabled"]


def test_limits_are_saved_with_who_is_told(page, owner, application):
    contact = make_contact(owner.organization)
    form = {
        **LIMITS,
        "daily_segment_limit": "900",
        "daily_alarm_segments": "800",
        "alarm_contacts": [contact.pk],
        "number_hourly_limit": "2",
        "number_daily_limit": "5",
    }
    assert page("limits", form).status_code == 302
    application.refresh_from_db()
    assert (application.daily_segment_limit, application.daily_alarm_segments) == (900, 800)
    assert (application.number_hourly_limit, application.number_daily_limit) == (2, 5)
    assert application.limits_one_time_passwords is False
    assert list(application.alarm_contacts.all()) == [contact]
    details = AuditEntry.objects.get().details
    assert details["after"]["daily_segment_limit"] == 900
    assert details["after"]["alarm_contacts"] == [contact.pk]
    page("limits", form)
    assert AuditEntry.objects.count() == 1, "nothing changed"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"daily_segment_limit": "1001"}, "daily_segment_limit"),
        ({"daily_segment_limit": "0"}, "daily_segment_limit"),
        ({"daily_segment_limit": "9" * 30}, "daily_segment_limit"),
        ({"daily_alarm_segments": "5"}, "alarm_contacts"),
        ({"repeat_seconds": "-1"}, "repeat_seconds"),
        ({"repeat_seconds": ""}, "repeat_seconds"),
        ({"number_daily_limit": "32768"}, "number_daily_limit"),
    ],
)
def test_limits_that_do_not_fit_are_refused(page, application, form, field):
    assert set(page("limits", {**LIMITS, **form}).context["form"].errors) == {field}
    assert not AuditEntry.objects.exists()


def test_somebody_elses_contact_is_nobody_to_tell(page, application):
    theirs = make_contact(make_active_organization())
    answer = page("limits", {**LIMITS, "alarm_contacts": [theirs.pk]})
    assert "alarm_contacts" in answer.context["form"].errors
    assert theirs.name not in answer.text
    assert not application.alarm_contacts.exists()


def countries_of(application):
    return dict(application.countries.values_list("country", "daily_segment_limit"))


def test_countries_one_by_one(page, application):
    page("countries", {"country": "HK", "daily_segment_limit": "500"})
    page("countries", {"country": "DE", "daily_segment_limit": ""})
    page("countries", {"country": "HK", "daily_segment_limit": "600"})
    assert countries_of(application) == {"HK": 600, "DE": None}
    row = application.countries.get(country="DE")
    page("country_remove", {}, country_pk=row.pk)
    assert countries_of(application) == {"HK": 600}
    last = application.countries.get()
    answer = page("country_remove", {}, follow=True, country_pk=last.pk)
    assert "Without it, all would be allowed" in answer.text
    assert countries_of(application) == {"HK": 600}
    page("all_countries", {})
    assert countries_of(application) == {}


@pytest.mark.parametrize(
    ("country", "limit"), [("CN", ""), ("XX", ""), ("HK", "1001"), ("HK", "0"), ("", "5")]
)
def test_a_country_that_cannot_be_sent_to_is_refused(page, application, country, limit):
    answer = page("countries", {"country": country, "daily_segment_limit": limit})
    assert answer.context["form"].errors
    assert countries_of(application) == {}


def test_countries_as_text_replace_the_list(page, application):
    application.countries.create(country="GB", daily_segment_limit=5)
    assert "GB 5" in page("country_list").text
    assert page("country_list", {"lines": "DE 500\nHK"}).status_code == 302
    assert countries_of(application) == {"DE": 500, "HK": None}
    details = AuditEntry.objects.get().details
    assert (details["before"], details["after"]) == ({"GB": 5}, {"DE": 500, "HK": None})


@pytest.mark.parametrize("lines", ["", "nonsense", "DE 500\nCN", "DE 1001", "D\x00E"])
def test_text_that_says_no_list_changes_nothing(page, application, lines):
    application.countries.create(country="GB")
    answer = page("country_list", {"lines": lines})
    assert answer.context["form"].errors
    assert countries_of(application) == {"GB": None}
