"""One organization for operators: usage by month, removing an empty one, looking as support."""

import csv
import io
from collections import Counter as Tally
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Organization
from accounts.roles import Role
from accounts.support_view import LASTS, reading_only
from accounts.tests.factories import log_in, make_member, make_operator, make_organization
from sending.lifecycle import HANDED_OVER_STATES, MessageState, TaskState
from sending.models import Counter, Message, SendTask
from sending.operations.forms.organizations import MonthsForm
from sending.tests.factories import a_number, make_messages, make_prices, make_task, move
from sending.tests.program_factories import make_program_messages
from smsconsole.tests.address import VIEW
from smsconsole.tests.addresses import ADDRESSES
from smsconsole.tests.test_every_url import ask, where
from smsconsole.tests.world import World, make_world

pytestmark = pytest.mark.django_db


def rows_of(client: Client, url: str, **query: str) -> list[dict[str, str]]:
    content = b"".join(client.get(url, query).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_usage_is_what_a_recount_of_the_messages_says(operator: Client) -> None:
    task = make_task(
        state=TaskState.SENDING, numbers=[a_number(n, c) for n in range(4) for c in ("HK", "GB")]
    )
    messages = [
        *make_messages(task),
        *make_program_messages(task.organization, [a_number(77), a_number(78)]),
    ]
    move(messages[:5], MessageState.DELIVERED)
    move(messages[5:6], MessageState.IN_DOUBT)
    move(messages[-1:], MessageState.SUBMITTED)
    recount: Tally[tuple[str, str]] = Tally()
    taken = [state.value for state in HANDED_OVER_STATES]
    for row in Message.objects.filter(state__in=taken):
        for name, n in (("messages", 1), ("segments", row.segments), ("micro", row.cost_micro)):
            recount[row.country, name] += n
    for url in (
        reverse("operations:organization_usage", args=[task.organization_id]),
        reverse("operations:usage_export"),
    ):
        found = rows_of(operator, url)
        counted: Tally[tuple[str, str]] = Tally()
        for row in found:
            counted[row["country"], "messages"] += int(row["messages"])
            counted[row["country"], "segments"] += int(row["segments"])
            counted[row["country"], "micro"] += round(float(row["amount"]) * 1_000_000)
        assert counted == recount
        assert {row["currency"] for row in found} == {"USD"}
        assert {row["organization"] for row in found} == {str(task.organization_id)}


def test_a_row_is_a_month_a_country_an_application_and_a_currency(operator: Client) -> None:
    organization = make_organization(time_zone="Asia/Hong_Kong")
    with time_machine.travel("2026-09-20T12:00Z", tick=False):
        make_prices({"": 1}, currency="USD")
    with time_machine.travel("2026-10-20T12:00Z", tick=False):
        make_prices({"": 1}, currency="EUR")
    common = {"organization_id": organization.pk, "application_id": 7, "state": "DELIVERED"}
    for hour, country, n in (
        (2026093023, "HK", 1), (2026100124, "HK", 2), (2026101012, "GB", 4), (2026102024, "HK", 8),
        (2026103112, "HK", 16), (2026110100, "HK", 32), (0, "HK", 64),
    ):  # fmt: skip
        Counter.objects.create(
            **common, hour=hour, country=country, messages=n, segments=2 * n, cost_micro=n
        )
    url = reverse("operations:organization_usage", args=[organization.pk])
    found = rows_of(operator, url, first="2026-10", last="2026-10")
    columns = ("month", "country", "currency", "messages", "segments")
    assert [tuple(row[column] for column in columns) for row in found] == [
        ("2026-10", "GB", "USD", "4", "8"),
        ("2026-10", "HK", "EUR", "16", "32"),
        ("2026-10", "HK", "EUR/USD", "8", "16"),
        ("2026-10", "HK", "USD", "2", "4"),
    ]  # fmt: skip


def test_months_that_make_no_sense_are_as_if_they_were_not_there() -> None:
    with time_machine.travel("2026-02-10T12:00Z", tick=False):
        assert MonthsForm({}, months=12).asked() == (date(2025, 3, 1), date(2026, 2, 28))
        assert MonthsForm({"first": "x", "last": "2026-13"}).asked()[0] == date(2026, 2, 1)
        assert MonthsForm({"first": "2026-01", "last": "2025-12"}).asked() == (
            date(2025, 12, 1),
            date(2025, 12, 31),
        )
        # A file holds three years at most.
        assert MonthsForm({"first": "2001-01", "last": "2026-01"}).asked()[0] == date(2023, 2, 1)


def test_the_page_shows_what_it_may_and_what_it_used(task: SendTask, operator: Client) -> None:
    move(make_messages(task)[:2], MessageState.DELIVERED)
    page = operator.get(reverse("operations:organization", args=[task.organization_id])).text
    for said in (task.organization.name, task.application.name, "the general ones"):
        assert said in page


# --- Removing -------------------------------------------------------------------------------------


def test_an_empty_organization_can_be_removed_and_its_trail_stays(operator: Client) -> None:
    operator.post(
        reverse("admin:accounts_organization_add"),
        {"name": "Typo Ltd", "owner_email": "o@example.com", "time_zone": "UTC",
         "daily_segment_limit": 5, "allowed_countries": "[]", "website": "",
         "members-TOTAL_FORMS": 0, "members-INITIAL_FORMS": 0},
    )  # fmt: skip
    organization = Organization.objects.get(name="Typo Ltd")
    page = operator.get(reverse("operations:organization", args=[organization.pk])).text
    assert "Remove the organization" in page
    operator.post(reverse("operations:organization_remove", args=[organization.pk]))
    organization.refresh_from_db()
    assert organization.removed_at
    assert not organization.invitations.exists()
    assert (
        AuditEntry.objects.for_organization(organization)
        .filter(action="organization.removed")
        .exists()
    )
    said, listed = (
        operator.get(reverse("admin:accounts_organization_changelist")).text for _time in range(2)
    )
    assert "Typo Ltd was removed." in said
    assert "Typo Ltd" not in listed


def test_one_with_members_or_tasks_stays(task: SendTask, operator: Client) -> None:
    for organization in (make_member(Role.OWNER).organization, task.organization):
        url = reverse("operations:organization_remove", args=[organization.pk])
        assert "so you cannot remove it" in operator.post(url, follow=True).text
        organization.refresh_from_db()
        assert organization.removed_at is None


# --- Looking as support ---------------------------------------------------------------------------


def look(client: Client, organization_id: int) -> None:
    url = reverse("operations:support_begin", args=[organization_id])
    assert client.post(url, {"reason": "Ticket 12"}).status_code == 302


def test_support_sees_masked_numbers_and_the_trail_says_why(task: SendTask) -> None:
    client = log_in(Client(), make_operator())
    look(client, task.organization_id)
    page = client.get(reverse("send_tasks:messages", args=[task.pk])).text
    assert "for support" in page
    assert make_messages(task)[0].msisdn[-6:] not in page.replace(" ", "")
    trail = AuditEntry.objects.for_organization(task.organization)
    assert trail.get(action="organization.support_view_began").details["reason"] == "Ticket 12"
    client.post(reverse("operations:support_end"))
    assert trail.filter(action="organization.support_view_ended").exists()
    assert client.get(reverse("send_tasks:detail", args=[task.pk])).status_code in {302, 404}


def test_the_look_ends_by_itself(task: SendTask) -> None:
    client = log_in(Client(), make_operator())
    with time_machine.travel(timezone.now(), tick=False) as clock:
        look(client, task.organization_id)
        url = reverse("send_tasks:detail", args=[task.pk])
        clock.shift(LASTS - timedelta(seconds=1))
        assert client.get(url).status_code == 200
        clock.shift(2)
        assert client.get(url).status_code in {302, 404}
    trail = AuditEntry.objects.for_organization(task.organization)
    assert trail.get(action="organization.support_view_ended").details["by_itself"] is True


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_support_can_look_at_every_page_of_a_viewer_and_write_none(world: World) -> None:
    client = world.readers["operator"]
    look(client, world.ours.organization)
    wrong = []
    for name, address in ADDRESSES.items():
        if name.startswith(("operations:", "account_", "mfa_", "usersessions", "api:", "admin:")):
            continue
        if name in {"theme", "language", "healthz", "readyz", "metrics"}:
            continue
        url = where(name, address, world.ours)
        if "POST" in address.methods and (s := ask(client, "POST", url).status_code) != 403:
            wrong.append(f"POST {name}: {s}")
        if address.needs == VIEW and "GET" in address.methods:
            status = ask(client, "GET", url).status_code
            if status not in address.shows:
                wrong.append(f"GET {name}: {status}")
    assert wrong == []


def test_a_statement_that_writes_is_refused(task: SendTask) -> None:
    with reading_only():
        assert SendTask.objects.filter(pk=task.pk).exists()
        for write in (lambda: SendTask.objects.filter(pk=task.pk).update(name="x"), task.save):
            with pytest.raises(PermissionDenied), transaction.atomic():
                write()


def test_who_is_no_operator_cannot_look(client: Client) -> None:
    organization = make_organization()
    owner = log_in(client, make_member(Role.OWNER))
    url = reverse("operations:support_begin", args=[organization.pk])
    assert owner.post(url, {"reason": "Curious"}).status_code == 403
