"""The pages of the guard: what they show, and what their buttons change."""

from datetime import UTC, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiKey, AuditEntry
from accounts.roles import Role
from accounts.tests.factories import log_in, make_member
from sending import tasks
from sending.guard.rules.names import GuardMode, Rule
from sending.guard.rules.policy import DEFAULTS
from sending.guard.terms import read_policy
from sending.models import GuardAllow, GuardBlock, GuardEvent, GuardSettings
from sending.models.guard_digest import guard_digest
from sending.tests.factories import default_application
from sending.tests.guard_factories import NUMBER, make_decision, make_guard

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member(Role.ADMIN)


@pytest.fixture
def client(member):
    return log_in(Client(), member)


def shown(client, name, **query):
    response = client.get(reverse(name, query=query))
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html.parser")


def text_of(page):
    return " ".join(page.select_one("main").get_text(" ", strip=True).split())


def settings_of(client, **changes):
    """Return the form of the settings as it is shown, with changes."""
    page = shown(client, "guard:settings")
    given = {}
    for field in page.select("main form [name]"):
        if field.name == "select":
            chosen = [option["value"] for option in field.select("option[selected]")]
            given[field["name"]] = chosen
        elif field.get("type") == "checkbox":
            if field.has_attr("checked"):
                given.setdefault(field["name"], []).append(field["value"])
        elif field.name == "input":
            given[field["name"]] = field.get("value", "")
    return {**given, **changes}


def test_the_page_says_what_goes_on_what_is_stopped_and_what_was_only_recorded(client, member):
    make_guard(member.organization)
    text = text_of(shown(client, "guard:guard"))
    assert "Neighbouring numbers, Hong Kong" in text
    assert "12 messages were stopped" in text
    assert "of 5.00" in text
    assert "+852 5123 0xxx" in text
    assert "Block of 10,000 1" in text


def test_a_viewer_reads_and_has_no_buttons(member):
    make_guard(member.organization)
    viewer = log_in(Client(), make_member(Role.VIEWER, member.organization))
    page = shown(viewer, "guard:guard")
    assert not page.select("main form")
    assert "+852 5123 0xxx" in text_of(page)


def test_ending_a_block_is_recorded_and_another_organization_cannot(client, member):
    block = make_guard(member.organization).block
    other = log_in(Client(), make_member(Role.OWNER))
    address = reverse("guard:block_end", args=[block])
    assert other.post(address).status_code == 404
    assert GuardBlock.objects.filter(pk=block).exists()
    client.post(address)
    assert not GuardBlock.objects.filter(pk=block).exists()
    entry = AuditEntry.objects.filter(action="guard.block_ended").get()
    assert entry.organization == member.organization


def used_up(organization):
    """A cap of the day that waits for a person."""
    make_guard(organization)
    GuardBlock.objects.update(
        rule="F10", dimension="OD", bucket="", shown="", action="BLOCK",
        until=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    return GuardBlock.objects.get()


def test_a_cap_that_is_used_up_goes_on_the_next_day_once_somebody_has_looked(client, member):
    block = used_up(member.organization)
    assert "All one-time passwords Cap on money" in text_of(shown(client, "guard:guard"))
    answer = client.post(reverse("guard:block_end", args=[block.pk]), follow=True)
    assert "with the next hour or day" in answer.content.decode()
    block.refresh_from_db()
    midnight = block.until.astimezone(UTC)
    assert (midnight.hour, midnight.minute, midnight.second) == (0, 0, 0)
    assert midnight <= timezone.now() + timedelta(days=1)


@pytest.mark.parametrize(("changed", "waits"), [({"day_micro": "90"}, False), ({}, True)])
def test_only_a_cap_that_is_changed_lets_codes_go_at_once(client, member, changed, waits):
    used_up(member.organization)
    client.post(reverse("guard:settings"), settings_of(client, **changed))
    assert GuardBlock.objects.exists() is waits


def test_a_number_finds_its_decisions_and_leads_to_trusting_it(client, member):
    make_guard(member.organization)
    make_decision(member.organization, number_digest=7, number_shown="+44 77*****", country="GB")
    found = client.post(reverse("guard:decisions"), {"number": "+852 5123 0001"}, follow=True)
    page = BeautifulSoup(found.content.decode(), "html.parser")
    assert len(page.select("tbody tr")) == 2
    assert "6 numbers of +852 5123 0xxx got codes in an hour" in text_of(page)
    assert page.select_one("a[href*='kind=NUMBER']")
    assert NUMBER[1:] not in found.redirect_chain[-1][0]


def test_a_viewer_cannot_find_out_numbers(member):
    make_guard(member.organization)
    viewer = log_in(Client(), make_member(Role.VIEWER, member.organization))
    found = viewer.post(reverse("guard:decisions"), {"number": "+852 5999 9999"}, follow=True)
    page = BeautifulSoup(found.content.decode(), "html.parser")
    assert len(page.select("tbody tr")) == 2


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("RANGE", "852 5123 0001", "85251230"),
        ("COUNTRY", "hk", "HK"),
        ("NETWORK", "203.0.113.9/24", "203.0.113.0/24"),
    ],
)
def test_what_people_let_pass_is_kept_as_the_guard_takes_it(client, kind, value, kept):
    given = {"kind": kind, "value": value, "days": "7", "reason": "Our own office"}
    assert client.post(reverse("guard:exceptions"), given).status_code == 302
    allowed = GuardAllow.objects.get()
    assert allowed.value == kept
    assert timedelta(days=6) < allowed.until - timezone.now() <= timedelta(days=7)


def test_a_trusted_number_is_kept_as_a_digest_only(client, member):
    given = {"kind": "NUMBER", "value": NUMBER, "days": "90", "reason": "Called us"}
    client.post(reverse("guard:exceptions"), given)
    allowed = GuardAllow.objects.get()
    assert allowed.value == str(guard_digest(NUMBER, member.organization.pk))
    assert NUMBER not in shown(client, "guard:exceptions").get_text()


def test_a_key_is_named_by_its_secret_id_and_must_be_ones_own(client, member):
    theirs = default_application(make_member(Role.OWNER).organization)
    key = ApiKey.objects.create(organization=theirs.organization, application=theirs)
    given = {"kind": "KEY", "value": key.secret_id, "days": "1", "reason": "Batch job"}
    refused = client.post(reverse("guard:exceptions"), given)
    assert "no API key with this SecretId" in refused.content.decode()
    mine = default_application(member.organization)
    own = ApiKey.objects.create(organization=member.organization, application=mine)
    client.post(reverse("guard:exceptions"), {**given, "value": own.secret_id})
    assert GuardAllow.objects.get().value == str(own.pk)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("NUMBER", "abc"), ("RANGE", "123"), ("COUNTRY", "XX"), ("NETWORK", "300.1.1.1")],
)
def test_what_is_none_is_refused_at_its_field(client, kind, value):
    given = {"kind": kind, "value": value, "days": "1", "reason": "Why not"}
    response = client.post(reverse("guard:exceptions"), given)
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"value"}
    assert not GuardAllow.objects.exists()


@pytest.mark.parametrize(
    ("what", "last", "dimension", "bucket"),
    [
        ("HK", "", "C", "HK"),
        ("+852 5123 0", "1k", "1k", "85251230"),
        ("852512", "lak", "lak", "852512"),
    ],
)
def test_a_country_or_a_block_is_stopped_by_hand_until_an_end(
    client, what, last, dimension, bucket
):
    given = {"what": what, "last": last, "action": "BLOCK", "days": "1", "reason": "An attack"}
    assert client.post(reverse("guard:stop"), given).status_code == 302
    block = GuardBlock.objects.get()
    assert (block.dimension, block.bucket, block.action) == (dimension, bucket, "BLOCK")
    assert block.until <= timezone.now() + timedelta(days=1)
    assert "By hand: An attack" in text_of(shown(client, "guard:guard"))


def test_digits_without_a_size_are_refused(client):
    given = {"what": "8525123", "action": "BLOCK", "days": "1", "reason": "An attack"}
    response = client.post(reverse("guard:stop"), given)
    assert response.context["form"].errors.keys() == {"what"}


def test_settings_are_saved_as_shown_and_change_only_what_was_changed(client, member):
    before = read_policy(member.organization.pk)
    given = settings_of(client, mode_f5="ENFORCE", ten_codes="20", day_micro="12.5")
    assert client.post(reverse("guard:settings"), given).status_code == 302
    after = read_policy(member.organization.pk)
    changed = {rule for rule, mode in after.modes.items() if before.modes[rule] != mode}
    assert changed == {Rule.TEN_THOUSAND}
    assert after.mode(Rule.TEN_THOUSAND) is GuardMode.ENFORCE
    assert after.thresholds == {**DEFAULTS, "ten_codes": 20}
    assert after.organization_caps.day == 12_500_000
    assert AuditEntry.objects.filter(action="guard.settings_changed").exists()


def test_a_threshold_out_of_bounds_is_refused(client):
    response = client.post(reverse("guard:settings"), settings_of(client, number_hour="0"))
    assert response.context["form"].errors.keys() == {"number_hour"}
    assert not AuditEntry.objects.filter(action="guard.settings_changed").exists()


def test_trying_settings_saves_nothing_and_says_who_honest_would_have_been_stopped(client, member):
    now = timezone.now()
    for place in range(8):
        at = now - timedelta(hours=2, minutes=place)
        GuardEvent.objects.create(
            message_id=place + 1,
            organization_id=member.organization.pk,
            at=at,
            number_digest=99,
            block=85251230,
            country="HK",
            api_key_id=1,
            cost_micro=50_000,
            converted_at=at + timedelta(minutes=90) if place == 0 else None,
        )
    given = settings_of(client, mode_f3="ENFORCE", number_hour="5", **{"try": "1"})
    page = client.post(reverse("guard:settings"), given)
    text = text_of(BeautifulSoup(page.content.decode(), "html.parser"))
    assert "Of 8 messages" in text
    assert "stopped 3" in text
    assert "Codes to one number: 3" in text
    assert not AuditEntry.objects.filter(action="guard.settings_changed").exists()


def test_release_without_anything_held_says_so(client, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks.submit, "delay", lambda: woken.append(1))
    response = client.post(reverse("guard:release"), {"rule": "nonsense"}, follow=True)
    assert "Nothing is waiting any more." in response.content.decode()
    assert woken == []


@pytest.mark.parametrize(("micro", "shown_as"), [(50_000_000, "50.00"), (1_234, "0.001234")])
def test_caps_are_shown_as_people_write_amounts(client, member, micro, shown_as):
    GuardSettings.objects.filter(organization=member.organization).update(day_micro=micro)
    field = shown(client, "guard:settings").select_one("[name=day_micro]")
    assert field["value"] == shown_as


def test_home_countries_are_ticked_in_a_list_and_none_means_all(client, member):
    given = settings_of(client, home_countries=["HK", "GB"])
    assert client.post(reverse("guard:settings"), given).status_code == 302
    assert read_policy(member.organization.pk).home == {"HK", "GB"}
    page = shown(client, "guard:settings")
    ticked = {box["value"] for box in page.select("[name=home_countries][checked]")}
    assert ticked == {"HK", "GB"}
    assert "Codes go to Hong Kong, United Kingdom." in text_of(page)
    client.post(reverse("guard:settings"), settings_of(client, home_countries=[]))
    assert read_policy(member.organization.pk).home == frozenset()
    assert "Codes go to every country that you may send to." in text_of(
        shown(client, "guard:settings")
    )
