"""Try a number: what operators read is what a check would do."""

import pytest
from django.test import Client

from sending.models import Gateway, Route
from sending.operations.queries.routing import way_of
from sending.tests.factories import make_gateway, make_prices

pytestmark = pytest.mark.django_db
NUMBER = "+852 5123 0001"


def names(number: str = NUMBER) -> list[tuple[str, bool]]:
    return [(each.gateway.name, each.is_chosen) for each in way_of(number).gateways]


def test_the_route_its_gateways_in_order_and_the_price() -> None:
    make_prices({"HK": 48_000, "": 90_000})
    first, second = make_gateway(name="first"), make_gateway(name="second")
    Route.objects.all().delete()
    Route.objects.create(country="HK", gateway=second, order=2)
    Route.objects.create(country="HK", gateway=first, order=1)
    assert names() == [("first", True), ("second", False)]
    way = way_of(NUMBER)
    assert (way.prefix, way.country) == ("", "HK")
    assert (way.price.micro, way.price.country) == (48_000, "HK")
    # A longer prefix wins, whatever its gateway is doing.
    Gateway.objects.filter(pk=second.pk).update(mode=Gateway.Mode.STOPPED)
    Route.objects.create(prefix="8525", gateway=second, order=1)
    assert names() == [("second", True)]
    assert way_of(NUMBER).gateways[0].condition[1] == "power"


def test_a_number_of_another_country_has_the_price_for_all_others() -> None:
    make_gateway()
    make_prices({"HK": 48_000, "": 90_000})
    way = way_of("447911123456")
    assert (way.price.micro, way.price.country) == (90_000, "")


def test_without_route_or_price_it_says_so(operator: Client) -> None:
    Route.objects.all().delete()
    page = operator.post("/operations/routing/", {"number": NUMBER}, follow=True).content.decode()
    assert "No route matches" in page
    assert "No price" in page


def test_the_mainland_is_refused_with_the_reason(operator: Client) -> None:
    answer = operator.post("/operations/routing/", {"number": "8613800138000"}, follow=True)
    assert "Nothing can be sent to this number" in answer.content.decode()
    assert "13800138000" not in answer.redirect_chain[-1][0]
