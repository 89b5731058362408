"""The administration of sending: passwords are never shown, prices in use never change."""

from decimal import Decimal

import phonenumbers
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import log_in, make_user
from sending.models import Gateway, Price, PriceVersion
from sending.operations.forms.routes import PriceForm, RouteForm
from sending.tests.factories import make_gateway, make_prices, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(client: Client) -> Client:
    log_in(client, make_user(is_staff=True, is_superuser=True))
    return client


def _fields(gateway: Gateway) -> dict[str, object]:
    names = (
        "name kind mode host port system_id system_type bind_slots window rate response_timeout"
        " originator id_format bind_mode enquire_interval dest_ton dest_npi receipt_zone"
    )
    return {name: getattr(gateway, name) for name in names.split()}


def test_a_password_is_encrypted_at_rest_and_never_shown(operator: Client) -> None:
    gateway = make_gateway(password="s3cr3t")
    url = reverse("admin:sending_gateway_change", args=[gateway.pk])

    assert "s3cr3t" not in operator.get(url).content.decode()
    stored = Gateway.objects.extra(select={"raw": "password"}).get(pk=gateway.pk)
    assert "s3cr3t" not in stored.raw


@pytest.mark.parametrize(("entered", "kept"), [("", "s3cr3t"), ("other", "other")])
def test_an_empty_password_field_keeps_the_stored_one(
    operator: Client, entered: str, kept: str
) -> None:
    gateway = make_gateway(password="s3cr3t")
    url = reverse("admin:sending_gateway_change", args=[gateway.pk])

    operator.post(url, {**_fields(gateway), "new_password": entered, "rate": 50})

    gateway.refresh_from_db()
    assert (gateway.password, gateway.rate) == (kept, 50)
    entry = AuditEntry.objects.get(action="gateway.changed")
    assert kept not in str(entry.details)


def test_a_price_list_in_use_cannot_be_changed_but_copied(operator: Client) -> None:
    prices = make_prices()
    make_task(price_version=prices)
    page = operator.get(reverse("admin:sending_priceversion_change", args=[prices.pk]))
    assert 'name="_save"' not in page.content.decode()
    # What it costs can still be read.
    assert "0.048" in page.content.decode()

    operator.post(
        reverse("admin:sending_priceversion_changelist"),
        {"action": "copy_to_a_draft", "_selected_action": [prices.pk]},
    )

    copy = PriceVersion.objects.latest("pk")
    assert copy != prices
    # A draft prices nothing until it has a date.
    assert copy.valid_from is None
    assert PriceVersion.current() == prices
    assert AuditEntry.objects.get(action="priceversion.added").subject == str(copy)
    assert set(copy.prices.values_list("country", "micro")) == set(
        prices.prices.values_list("country", "micro")
    )


@pytest.mark.parametrize(
    ("amount", "micro"), [("0.048", 48_000), ("0.000001", 1), ("2147", 2_147_000_000)]
)
def test_a_price_is_entered_as_people_write_it(amount: str, micro: int) -> None:
    form = PriceForm({"country": "HK", "amount": amount}, instance=Price(version=make_prices({})))
    assert form.is_valid(), form.errors
    form.save()
    assert Price.objects.get().micro == micro
    assert PriceForm(instance=Price.objects.get()).initial["amount"] == Decimal(amount)


@pytest.mark.parametrize("amount", ["2147.000001", "-1", "0.0000001", "NaN"])
def test_a_price_that_cannot_be_kept_is_refused(amount: str) -> None:
    assert not PriceForm({"country": "HK", "amount": amount}).is_valid()


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ({"prefix": "+852"}, ("852", "")),
        ({"prefix": " 852 5"}, ("8525", "")),
        ({"prefix": "00852-51"}, ("85251", "")),
        ({"prefix": "4"}, ("4", "")),
        ({"country": "hk"}, ("", "HK")),
        ({"prefix": "8525", "country": "hk "}, ("8525", "HK")),
        ({}, ("", "")),
    ],
)
def test_a_route_is_kept_as_numbers_are_matched(entered, kept) -> None:
    form = RouteForm({"gateway": make_gateway().pk, "order": 7, **entered})
    assert form.is_valid(), form.errors
    route = form.save()
    assert (route.prefix, route.country) == kept


@pytest.mark.parametrize(
    ("entered", "field", "code"),
    [
        ({"prefix": "abc"}, "prefix", "prefix"),
        ({"prefix": "8٣2"}, "prefix", "prefix"),
        ({"prefix": "999"}, "prefix", "calling_code"),
        ({"prefix": "8" * 3 + "5" * 13}, "prefix", "length"),
        ({"country": "uk"}, "country", "country"),
        ({"country": "XX"}, "country", "country"),
        ({"country": "Hong Kong"}, "country", "country"),
        ({"country": "cn"}, "country", "mainland"),
        ({"prefix": "852", "country": "GB"}, "__all__", "mismatch"),
    ],
)
def test_a_route_that_would_never_match_is_refused(entered, field, code) -> None:
    form = RouteForm({"gateway": make_gateway().pk, "order": 1, **entered})
    assert [error.code for error in form.errors.as_data()[field]] == [code]


@pytest.mark.parametrize(("entered", "kept"), [("hk", "HK"), (" GB", "GB"), ("", "")])
def test_a_price_is_kept_as_prices_are_found(entered: str, kept: str) -> None:
    form = PriceForm(
        {"country": entered, "amount": "0.05"}, instance=Price(version=make_prices({}))
    )
    assert form.is_valid(), form.errors
    assert form.save().country == kept


@pytest.mark.parametrize("entered", ["uk", "XX", "CN", "Hong Kong"])
def test_a_price_that_would_never_be_found_is_refused(entered: str) -> None:
    assert "country" in PriceForm({"country": entered, "amount": "0.05"}).errors


def test_a_list_for_every_country_can_be_saved(operator: Client) -> None:
    prices = make_prices({})
    # One that has begun is fixed.
    PriceVersion.objects.update(valid_from=None)
    countries = sorted(phonenumbers.SUPPORTED_REGIONS - {"CN"})
    rows = {
        f"prices-{at}-{name}": value
        for at, country in enumerate(countries)
        for name, value in (
            ("id", ""), ("version", prices.pk), ("country", country), ("amount", "0.05"),
        )
    }  # fmt: skip
    response = operator.post(
        reverse("admin:sending_priceversion_change", args=[prices.pk]),
        {
            "currency": "USD",
            "valid_from": "2026-01-01T00:00",
            "prices-TOTAL_FORMS": len(countries),
            "prices-INITIAL_FORMS": 0,
            **rows,
        },
    )
    assert response.status_code == 302
    assert prices.prices.count() == len(countries) >= 240
