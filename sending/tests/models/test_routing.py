"""Which gateway takes a message: by prefix, by country, in order, and as the gateways are."""

import pytest

from sending.models import Circuit, Route
from sending.models.routing import Condition, RouteGateway, RouteTable
from sending.tests.factories import make_gateway

WAYS = [
    RouteGateway("", "", 1, 1),
    RouteGateway("", "HK", 2, 3),
    RouteGateway("", "HK", 1, 2),
    RouteGateway("8525", "", 1, 4),
    RouteGateway("8525", "HK", 1, 5),
    RouteGateway("", "GB", 1, 2),
    RouteGateway("", "GB", 2, 3),
    RouteGateway("", "GB", 3, 6),
]


@pytest.mark.parametrize(
    ("msisdn", "country", "key"),
    [
        ("+85261234567", "HK", ("", "HK")),
        ("+85251234567", "HK", ("8525", "HK")),
        ("+85251234567", "MO", ("8525", "")),
        ("+447400123001", "GB", ("", "GB")),
        ("+6581234000", "SG", ("", "")),
    ],
)
def test_the_longest_prefix_wins_then_the_named_country(msisdn, country, key):
    assert RouteTable(WAYS).key_of(msisdn, country) == key


def test_without_a_route_there_is_no_gateway():
    table = RouteTable([RouteGateway("", "HK", 1, 1)])
    assert table.key_of("+6581234000", "SG") is None
    assert table.first_for("+6581234000", "SG") is None
    assert table.next_for("+6581234000", "SG", 1) is None


@pytest.mark.parametrize(("after", "next_one"), [(2, 3), (3, 6), (6, 2), (99, 2)])
def test_the_next_gateway_comes_round(after, next_one):
    assert RouteTable(WAYS).next_for("+447400123001", "GB", after) == next_one


def test_only_gateways_that_work_take_over():
    conditions = {
        2: Condition.STOPPED,
        3: Condition.CIRCUIT_HALF_OPEN,
        6: Condition.DRAINING,
    }
    table = RouteTable(WAYS, conditions)
    assert table.next_for("+447400123001", "GB", 2) is None
    assert table.first_for("+447400123001", "GB") is None
    assert table.first_for("+6581234000", "SG") == 1


@pytest.mark.parametrize(
    ("conditions", "taken"),
    [
        ({}, 2),
        ({2: Condition.CIRCUIT_OPEN}, 3),
        ({2: Condition.STOPPED, 3: Condition.CIRCUIT_OPEN, 6: Condition.STOPPED}, 3),
        (dict.fromkeys((2, 3, 6), Condition.STOPPED), 2),
        (dict.fromkeys((2, 3, 6), Condition.DRAINING), None),
    ],
)
def test_new_messages_take_the_best_there_is(conditions, taken):
    assert RouteTable(WAYS, conditions).for_new().get(("", "GB")) == taken


def test_what_is_to_be_avoided_is_taken_when_nothing_else_works():
    avoid = {("", "GB"): {2, 3}, ("", ""): {1}}
    table = RouteTable(WAYS, {6: Condition.CIRCUIT_OPEN})
    assert table.for_new(avoid)["", "GB"] == 2
    assert table.for_new(avoid)["", ""] == 1
    assert RouteTable(WAYS).for_new(avoid)["", "GB"] == 6


def test_a_preference_is_an_earlier_place():
    table = RouteTable(WAYS)
    assert table.prefers(2, "+447400123001", "GB", over=3)
    assert not table.prefers(3, "+447400123001", "GB", over=2)
    assert not table.prefers(1, "+447400123001", "GB", over=2)
    assert table.prefers(3, "+447400123001", "GB", over=1)


@pytest.mark.django_db
def test_it_is_read_from_the_database():
    first, second = make_gateway(), make_gateway()
    third = make_gateway(mode="draining")
    Route.objects.create(gateway=second, order=2)
    Route.objects.create(gateway=third, order=3)
    assert RouteTable.load().for_new() == {("", ""): first.pk}
    Circuit.objects.create(gateway=first, state="OPEN")
    table = RouteTable.load()
    assert table.first_for("+85251230000", "HK") == second.pk
    assert table.next_for("+85251230000", "HK", second.pk) is None
