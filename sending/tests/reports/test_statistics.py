"""The statistics: what the counters say of an organization's own days, and nothing else."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from accounts.tests.factories import make_application, make_member
from sending.delivery.counters import archiving
from sending.lifecycle import MessageState, TaskState
from sending.models import Counter, PriceVersion, SendTask
from sending.models.figures import Figures
from sending.reports.chart import parts_of
from sending.tests.factories import (
    a_number,
    default_application,
    make_messages,
    make_prices,
    make_sender,
    make_task,
    move,
)
from sending.tests.reports.rows import EXPORT, URL, count, export, figure, many_outcomes, table
from sending.tests.send_tasks.reader import Reader, words

pytestmark = pytest.mark.django_db


# --- Figures --------------------------------------------------------------------------------------


def test_every_message_has_one_outcome() -> None:
    for state in MessageState:
        assert sum(n for _outcome, n in parts_of(Figures({state.value: 1}))) == 1, state


def test_figures_are_those_of_the_counters(reader: Reader) -> None:
    many_outcomes(reader.member.organization)

    page = reader.get(URL)

    # 977 = 900 + 20 + 3 + 50 + 4 were taken of the first task: neither refused nor in doubt.
    assert figure(page, "Handed to gateways") == "1,077 of 1,109 accepted"
    assert figure(page, "Delivered, confirmed") == "1,000 92.8 % of those handed over"
    assert figure(page, "Failed") == "30 undeliverable, expired, rejected"
    assert figure(page, "No receipt yet") == "50 4.6 % of those handed over"
    assert figure(page, "Unknown or in doubt") == "10 4 unknown, 6 in doubt"
    assert figure(page, "Not sent") == "19 13 cancelled or blocked, 6 queued"
    assert figure(page, "Segments") == "2,154 of the messages handed over"
    assert figure(page, "Cost, estimated") == "USD 107.70 at our prices per segment"


def test_they_follow_a_real_task(reader: Reader) -> None:
    task = make_task(reader.member, TaskState.SENDING, numbers=[a_number(n) for n in range(5)])
    messages = make_messages(task)
    move(messages[:3], MessageState.DELIVERED)
    move(messages[3:4], MessageState.UNDELIVERABLE)

    page = reader.get(URL, days=1)

    assert figure(page, "Handed to gateways").startswith("4 of 5")
    assert figure(page, "Delivered, confirmed").startswith("3 75.0 %")
    # Sent at 23:50 of Hong Kong.
    assert table(page, "Messages per hour")[-1][:3] == ["23:00", "5", "3"]


def test_days_are_the_organizations_own(reader: Reader) -> None:
    ours = reader.member.organization
    for hour in (2026111823, 2026111900, 2026111923, 2026112000, 2026112023):
        count(ours, hour, DELIVERED=hour % 100 + 1)

    rows = table(reader.get(URL), "Messages per day")

    assert [row[:2] for row in rows[1:4]] == [
        ["Fri 20 Nov 2026", "25"],
        ["Thu 19 Nov 2026", "25"],
        ["Wed 18 Nov 2026", "24"],
    ]
    assert len(rows) == 1 + 7
    assert rows[-1][:2] == ["Sat 14 Nov 2026", "0"]
    # Nothing was handed over that day, so there is no rate.
    assert rows[-1][-1] == "–"


def test_yesterday_begins_and_ends_at_midnight(reader: Reader) -> None:
    for hour, n in {2026111823: 1, 2026111900: 10, 2026111923: 100, 2026112000: 1000}.items():
        count(reader.member.organization, hour, DELIVERED=n)

    page = reader.get(URL, first="2026-11-19", last="2026-11-19")

    assert figure(page, "Delivered, confirmed").startswith("110 ")
    rows = [row[:2] for row in table(page, "Messages per hour")[1:] if row[1] != "0"]
    assert rows == [["00:00", "10"], ["23:00", "100"]]


def test_a_preset_ends_today(reader: Reader) -> None:
    for days, hour in {1: 2026112012, 7: 2026111400, 30: 2026102223, 90: 2026082300}.items():
        count(reader.member.organization, hour, DELIVERED=days)
    count(reader.member.organization, 2026082223, DELIVERED=10_000)

    for days, delivered in {1: 1, 7: 8, 30: 38, 90: 128}.items():
        page = reader.get(URL, days=days)
        assert figure(page, "Delivered, confirmed").startswith(f"{delivered} "), days
        assert len(page.main.select("ul.tabs [aria-current]")) == 1


def test_without_a_last_day_it_is_today(reader: Reader) -> None:
    count(reader.member.organization, 2026112012, DELIVERED=3)

    page = reader.get(URL, first="2026-11-01")

    assert "1 November 2026 to 20 November 2026" in words(page)
    assert figure(page, "Delivered, confirmed").startswith("3 ")


def test_another_organization_is_never_counted(reader: Reader) -> None:
    theirs = make_sender(time_zone="Asia/Hong_Kong").organization
    count(theirs, 2026112012, DELIVERED=5)

    assert "No message in this period" in words(reader.get(URL))
    assert export(reader)[1:] == []

    count(reader.member.organization, 2026112012, DELIVERED=1)
    assert figure(reader.get(URL), "Delivered, confirmed").startswith("1 ")


def test_deltas_of_one_figure_are_added_up(reader: Reader) -> None:
    ours = reader.member.organization
    count(ours, 2026112012, QUEUED=10)
    count(ours, 2026112012, QUEUED=-10, SUBMITTED=10)
    count(ours, 2026112012, SUBMITTED=-9, DELIVERED=9)

    page = reader.get(URL)

    assert figure(page, "Handed to gateways").startswith("10 of 10")
    assert figure(page, "Not sent").startswith("0 ")
    assert figure(page, "Segments").startswith("20 ")


# --- Countries ------------------------------------------------------------------------------------


def test_countries_lead_to_the_same_page_of_one(reader: Reader) -> None:
    many_outcomes(reader.member.organization)
    page = reader.get(URL, days=30)

    rows = table(page, "By country")
    assert rows[1] == ["Hong Kong", "1,009", "900", "92.1 %", "30", "1,954", "97.70"]
    assert rows[2] == ["United Kingdom", "100", "100", "100.0 %", "0", "200", "10.00"]
    assert rows[3] == ["All countries", "1,109", "1,000", "92.8 %", "30", "2,154", "107.70"]

    link = page.main.find("a", string=re.compile("United Kingdom"))["href"]
    assert link == "?days=30&country=GB"
    one = reader.get(URL + link)
    assert figure(one, "Handed to gateways") == "100 of 100 accepted"
    assert "9.0 % of 1,109 messages to all countries." in words(one)
    assert sum(int(row[1]) for row in table(one, "Messages per day")[1:]) == 100
    assert one.main.find("option", selected=True).text == "United Kingdom"


def test_a_country_without_messages_says_so(reader: Reader) -> None:
    many_outcomes(reader.member.organization)

    page = reader.get(URL, country="LI")

    assert "No message to Liechtenstein in this period" in words(page)
    assert page.main.find("a", string=re.compile("Show all countries"))["href"] == "?days=7"
    assert page.main.find("option", selected=True)["value"] == "LI"


# --- What the address says ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({"days": "5"}, "days", "Choose a period from the list"),
        ({"days": "99999999999999999999"}, "days", "Choose a period from the list"),
        ({"first": "yesterday"}, "first", "Enter a day"),
        ({"first": "2026-02-30"}, "first", "Enter a day"),
        ({"first": "0001-01-01", "last": "0001-01-02"}, "first", "must be after 1999"),
        ({"first": "2026-11-01", "last": "9999-12-31"}, "last", "cannot be in the future"),
        ({"first": "2026-11-21"}, "first", "cannot be in the future"),
        ({"last": "2026-11-20"}, "first", "Enter the first day as well"),
        ({"first": "2026-11-20", "last": "2026-11-19"}, "last", "must be the same as or after"),
        ({"first": "2025-11-01"}, "last", "You entered 385 days. You can see up to 366"),
        ({"country": "XX"}, "country", "Choose a country from the list"),
        ({"country": "<b>"}, "country", "Choose a country from the list"),
    ],
)
def test_a_wrong_address_is_answered_at_its_field(
    reader: Reader, asked: dict[str, str], field: str, sentence: str
) -> None:
    count(reader.member.organization, 2026112012, DELIVERED=1)

    page = reader.get(URL, **asked)

    assert sentence in page.find(id=f"id_{field}_error").text
    assert page.find(id="error-summary").find("a", href=f"#id_{field}")
    assert page.find(id=f"id_{field}")
    # Figures of other days than those asked for would be believed.
    assert not page.main.find("dl")
    response = reader.client.get(EXPORT, asked)
    assert response.status_code == 302
    assert sentence in words(reader.get(response.url))


def test_all_that_is_wrong_is_said_at_once(reader: Reader) -> None:
    page = reader.get(URL, days="x", first="2026-11-20", last="2026-11-01", country="??")

    assert len(page.find(id="error-summary").find_all("li")) == 3


def test_a_year_of_366_days_can_be_shown(reader: Reader) -> None:
    count(reader.member.organization, 2025112000, DELIVERED=4)

    page = reader.get(URL, first="2025-11-20", last="2026-11-20")

    assert figure(page, "Delivered, confirmed").startswith("4 ")
    assert len(table(page, "Messages per day")) == 1 + 366


def test_changing_the_country_keeps_the_preset(reader: Reader) -> None:
    count(reader.member.organization, 2026112012, DELIVERED=1)

    page = reader.get(URL, days=30)
    assert page.main.find("input", {"name": "days"})["value"] == "30"
    assert not page.main.select_one(".filters input[name=first]").get("value")

    page = reader.get(URL, first="2026-11-01", last="2026-11-20", days="30")
    assert not page.main.find("input", {"name": "days"})
    assert page.main.find("input", {"name": "first"})["value"] == "2026-11-01"


def test_nothing_sent_yet_explains_itself(reader: Reader) -> None:
    page = reader.get(URL)

    assert "as soon as someone presses Send" in words(page)
    assert page.main.find("a", string=re.compile("Show the last 30 days"))["href"] == "?days=30"
    assert page.main.find("a", href=reverse("send_tasks:compose"))
    assert not page.main.find("svg", class_="chart")

    past = reader.get(URL, first="2026-01-01", last="2026-01-31")
    assert "No message was accepted on these days" in words(past)
    assert past.main.find("a", string=re.compile("Show the last 90 days"))["href"] == "?days=90"

    viewer = Reader(make_member(Role.VIEWER, reader.member.organization))
    assert not viewer.get(URL).main.find("a", href=reverse("send_tasks:compose"))


# --- Money ----------------------------------------------------------------------------------------


def test_two_currencies_are_never_added_up(reader: Reader) -> None:
    many_outcomes(reader.member.organization)
    changed = make_prices(currency="EUR")
    PriceVersion.objects.filter(pk=changed.pk).update(valid_from=datetime(2026, 11, 19, tzinfo=UTC))

    page = reader.get(URL)
    assert figure(page, "Cost, estimated") == "– prices were in EUR, USD"
    assert [row[-1] for row in table(page, "By country")] == ["Cost", "–", "–", "–"]
    assert [row[-1] for row in export(reader)] == ["Cost, estimated, EUR / USD", "", ""]

    assert figure(reader.get(URL, days=1), "Cost, estimated").startswith("EUR 97.70")
    before = reader.get(URL, first="2026-11-18", last="2026-11-18")
    assert figure(before, "Cost, estimated").startswith("USD 10.00")


# --- Speed ----------------------------------------------------------------------------------------


def test_more_counters_are_no_more_queries(reader: Reader) -> None:
    count(reader.member.organization, 2026112012, DELIVERED=1)
    # The first page of a session notes where it is used.
    reader.get(URL)
    with CaptureQueriesContext(connection) as few:
        reader.get(URL, days=90)
    for day in range(1, 19):
        for country in ("HK", "GB", "SG", "DE"):
            count(
                reader.member.organization, 2026110012 + day * 100, country, task=day, SUBMITTED=9
            )

    with CaptureQueriesContext(connection) as many:
        reader.get(URL, days=90)

    assert len(many) == len(few)
    tables = [re.findall(r'FROM "(sending_\w+)"', query["sql"]) for query in many]
    # One statement sums three times; the last two are those of the navigation of every page.
    assert [names for names in tables if names] == [
        ["sending_counter", "sending_counter", "sending_counter"],
        ["sending_priceversion"],
        # The days before.
        ["sending_counter"],
        ["sending_gateway"],
        ["sending_inboundmessage"],
    ]


def test_a_day_long_gone_knows_its_hours_by_its_tasks(reader: Reader) -> None:
    for hour, numbers in {2026110109: 3, 2026110117: 5}.items():
        task = make_task(
            reader.member, TaskState.SENDING, numbers=[a_number(n) for n in range(numbers)]
        )
        Counter.objects.filter(task_id=task.pk).update(hour=hour)
        SendTask.objects.filter(pk=task.pk).update(accepted_hour=hour)
    theirs = make_task(make_sender(), TaskState.SENDING, numbers=[a_number(1)])
    Counter.objects.filter(task_id=theirs.pk).update(hour=2026110109)
    SendTask.objects.filter(pk=theirs.pk).update(accepted_hour=2026110109)

    before = reader.get(URL, first="2026-11-01", last="2026-11-01")
    days = reader.get(URL, days=30), export(reader, days=30)
    assert archiving.archive() == 3
    after = reader.get(URL, first="2026-11-01", last="2026-11-01")

    assert [row[1] for row in table(after, "Messages per hour") if row[1] != "0"][1:] == ["3", "5"]
    assert words(after) == words(before)
    assert words(reader.get(URL, days=30)) == words(days[0])
    assert export(reader, days=30) == days[1]

    # A late receipt is written with the hour of its task.
    move(make_messages(task), MessageState.DELIVERED)
    page = reader.get(URL, first="2026-11-01", last="2026-11-01")
    assert figure(page, "Delivered, confirmed").startswith("5 ")
    assert table(page, "Messages per hour")[1 + 17][:3] == ["17:00", "5", "5"]


def test_one_application_is_shown_alone_and_all_beside_each_other(reader: Reader) -> None:
    organization = reader.member.organization
    mine, shop = default_application(organization), make_application(organization, name="Shop")
    for application, messages in ((shop, 12), (mine, 30)):
        count(organization, 2026112009, DELIVERED=messages)
        Counter.objects.filter(application_id=1).update(application_id=application.pk)
    assert [row[1] for row in table(reader.get(URL), "By application")[1:]] == ["30", "12"]
    alone = reader.get(URL, application=shop.pk)
    assert figure(alone, "Delivered, confirmed").startswith("12 ")
    (country,) = alone.select("section[aria-labelledby=countries-h] tbody a")
    assert f"application={shop.pk}" in country["href"]
    assert [row[3] for row in export(reader, application=shop.pk)[1:]] == ["12"]
    assert "Choose an application from the list." in words(reader.get(URL, application=10**9))
