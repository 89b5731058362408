"""Prices for operators: files in and out, lists side by side, what is left of a segment."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.tests.factories import make_organization
from sending.models import Gateway, GatewayCost, PriceVersion, Route
from sending.operations.queries.margins import margins
from sending.operations.queries.prices import differences, matrix, price_rows
from sending.reports.queries import StatisticsFilter, currencies
from sending.tests.factories import make_gateway, make_prices

pytestmark = pytest.mark.django_db


def send(client: Client, content: bytes, **fields: str) -> str:
    data = {"file": SimpleUploadedFile("prices.csv", content), "currency": "USD", **fields}
    page = client.post(reverse("operations:prices_import"), data, follow=True)
    return BeautifulSoup(page.content, "html.parser").get_text(" ", strip=True)


def test_a_file_becomes_a_draft_and_what_is_exported_is_the_same_file(operator: Client) -> None:
    send(operator, b"\xef\xbb\xbfCountry,Price\nhk,0.048\n*,0.1\nGB,0\n")
    version = PriceVersion.objects.get()
    assert version.valid_from is None
    assert version.by_country() == {"HK": 48_000, "": 100_000, "GB": 0}
    assert AuditEntry.objects.get(action="priceversion.imported").details["prices"] == 3
    file = operator.get(reverse("operations:prices_export", args=[version.pk]))
    exported = b"".join(file.streaming_content)
    send(operator, exported)
    assert PriceVersion.objects.latest("pk").by_country() == version.by_country()


def test_problems_name_row_and_column_and_nothing_is_stored(operator: Client) -> None:
    page = send(
        operator,
        b"country;price\nHK;0,05\nuk;0,05\nSG;much\nHK;0,06\n;-1\nGB;0,1234567\n",
    )
    for said in (
        "3 country “uk” is not a country.",
        "4 price “much” is not an amount.",
        "5 country This country has a price in a row above.",
        "6 price Write an amount between 0 and 2147",
        "7 price Write an amount between 0 and 2147",
    ):
        assert said in page
    assert not PriceVersion.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"land,price\nHK,1\n", "Missing: country"),
        (b"country,price\n", "no rows below its headings"),
        (b"country,price\nHK,\xff\n", "not UTF-8"),
        (b"country,price\nHK,\0\n", "not a csv file"),
        (b"country,price\n" + b"HK,1\n" * 10_001, "more than 10,000 rows"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(operator: Client, content: bytes, said: str) -> None:
    assert said in send(operator, content)
    assert not PriceVersion.objects.exists()


def test_a_list_is_in_force_at_once_only_when_asked_for(operator: Client) -> None:
    now = timezone.now()
    past = (now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    later = (now + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    rows = b"country,price\nHK,1\n"
    assert "This time has passed." in send(operator, rows, valid_from=past)
    assert "Choose either" in send(operator, rows, valid_from=later, at_once="on")
    send(operator, rows, valid_from=later)
    assert PriceVersion.current() is None
    send(operator, rows, at_once="on")
    assert PriceVersion.current() == PriceVersion.objects.latest("pk")


def test_a_new_list_begins_as_a_draft_and_one_that_has_begun_is_fixed(operator: Client) -> None:
    page = operator.get(reverse("admin:sending_priceversion_add"))
    field = BeautifulSoup(page.content, "html.parser").find(attrs={"name": "valid_from"})
    assert not field.get("value")
    begun = make_prices({"HK": 48_000})
    page = operator.get(reverse("admin:sending_priceversion_change", args=[begun.pk]))
    assert 'name="_save"' not in page.text
    assert "0.048" in page.text


def test_own_prices_take_the_place_of_the_general_ones(operator: Client) -> None:
    general = make_prices({"": 100_000})
    ours, theirs = make_organization(), make_organization()
    send(
        operator,
        b"country,price\nHK,0.03\n",
        organization=str(ours.pk),
        at_once="on",
        currency="EUR",
    )
    own = PriceVersion.objects.get(organization=ours)
    later = make_prices({"": 90_000})
    assert PriceVersion.current(ours.pk) == own
    assert PriceVersion.current(theirs.pk) == PriceVersion.current() == later
    assert AuditEntry.objects.filter(organization=ours, action="priceversion.imported").exists()
    today = timezone.localdate()
    assert currencies(ours, StatisticsFilter(today, today)) == ["EUR", "USD"]
    assert currencies(theirs, StatisticsFilter(today, today)) == ["USD"]
    columns = [column.version for column in matrix(None).columns]
    assert columns == [later, general]
    assert [column.version for column in matrix(ours).columns] == [own]


def test_lists_stand_beside_each_other_with_their_dates(operator: Client) -> None:
    past, now = make_prices({"HK": 1}), make_prices({"HK": 2, "GB": 3})
    coming, draft = make_prices({}), make_prices({"": 4})
    moments = {past: -2, now: -1, coming: 1}
    for version, days in moments.items():
        version.valid_from = timezone.now() + timedelta(days=days)
        version.save()
    PriceVersion.objects.filter(pk=draft.pk).update(valid_from=None)
    found = matrix(None)
    assert [column.state for column in found.columns] == ["draft", "coming", "current", "past"]
    assert found.columns[3].until == found.columns[2].version.valid_from
    assert dict(found.rows) == {
        "HK": [None, None, 2, 1], "GB": [None, None, 3, None], "": [4, None, None, None],
    }  # fmt: skip
    assert operator.get(reverse("operations:prices")).status_code == 200


def test_what_is_different_between_two_lists(operator: Client) -> None:
    before, after = (
        make_prices({"HK": 100, "GB": 5, "SG": 7}),
        make_prices({"HK": 110, "GB": 5, "": 1}),
    )
    rows = {row.country: (row.before, row.after, row.tenths) for row in differences(before, after)}
    assert rows == {"HK": (100, 110, 100), "SG": (7, None, None), "": (None, 1, None)}
    page = operator.get(
        reverse("operations:price_differences"), {"before": before.pk, "after": after.pk}
    )
    assert "10.0" in page.text


# --- Margins --------------------------------------------------------------------------------------


def test_prices_below_cost_and_routes_without_a_price_are_named(operator: Client) -> None:
    Route.objects.all().delete()
    cheap, dear = make_gateway(name="cheap"), make_gateway(name="dear")
    Route.objects.all().delete()
    for prefix, country, order, gateway in (
        ("", "HK", 1, cheap), ("", "HK", 2, dear), ("44", "GB", 1, cheap), ("6591", "", 1, dear),
        ("", "DE", 1, cheap),
    ):  # fmt: skip
        Route.objects.create(prefix=prefix, country=country, order=order, gateway=gateway)
    version = make_prices({"HK": 50_000, "GB": 40_000, "FR": 10_000, "SG": 20_000})
    GatewayCost.objects.create(gateway=cheap, country="", micro=30_000)
    GatewayCost.objects.create(gateway=dear, country="HK", micro=60_000)
    GatewayCost.objects.create(gateway=dear, country="SG", micro=1, currency="EUR")
    found = margins(version)
    rows = {(row.country, str(row.gateway)): row for row in found.rows}
    assert rows["HK", "cheap"].margin == 20_000
    assert rows["HK", "cheap"].tenths == 400
    assert [(row.country, str(row.gateway), row.margin) for row in found.losses] == [
        ("HK", "dear", -10_000)
    ]
    assert rows["SG", "dear"].cost is None
    assert rows["FR", "None"].cost is None
    assert list(found.unpriced) == ["DE"]
    page = operator.get(reverse("operations:margins")).text
    assert "1 price is below its cost." in page
    assert "Germany" in page


def test_costs_of_the_named_gateways_are_replaced(operator: Client, gateway: Gateway) -> None:
    other = make_gateway(name="other")
    for each in (gateway, other):
        GatewayCost.objects.create(gateway=each, country="FR", micro=1)
    file = SimpleUploadedFile("c.csv", f"gateway,country,cost\n{gateway.name},hk,0.01\n".encode())
    operator.post(reverse("operations:costs_import"), {"file": file, "currency": "EUR"})
    assert list(gateway.costs.values_list("country", "micro", "currency")) == [
        ("HK", 10_000, "EUR")
    ]
    assert other.costs.get().country == "FR"
    assert AuditEntry.objects.get(action="gatewaycost.imported").subject == gateway.name
    unknown = SimpleUploadedFile("c.csv", b"gateway,country,cost\nnobody,HK,0.01\n")
    page = operator.post(reverse("operations:costs_import"), {"file": unknown, "currency": "EUR"})
    assert "There is no gateway “nobody”." in page.text
    exported = b"".join(operator.get(reverse("operations:costs_export")).streaming_content)
    assert f"{gateway.name},HK,0.01,EUR".encode() in exported


def test_a_cost_is_entered_as_people_write_it(operator: Client, gateway: Gateway) -> None:
    url = reverse("admin:sending_gatewaycost_add")
    form = {"gateway": gateway.pk, "country": "hk", "amount": "0.02", "currency": "usd"}
    assert operator.post(url, form).status_code == 302
    row = GatewayCost.objects.get()
    assert (row.country, row.micro, row.currency) == ("HK", 20_000, "USD")


def test_amounts_are_written_as_they_are() -> None:
    version = make_prices({"HK": 1, "GB": 2_500_000, "": 0})
    assert [row[2] for row in price_rows(version)] == ["0.000001", "2.5", "0"]
