"""Own columns: added, named, ordered, removed with their values."""

import pytest
from django.urls import reverse

from sending.models import Customer, CustomerChange, CustomerField
from sending.pool import changes
from sending.tests.factories import a_number

pytestmark = pytest.mark.django_db


def labels():
    return list(CustomerField.objects.values_list("label", flat=True))


def add(client, label):
    return client.post(reverse("customers:fields"), {"label": label}).status_code == 302


def test_columns_are_added_renamed_and_ordered(client, member):
    assert all(add(client, label) for label in ("City", "Shop", "Contract"))
    assert not add(client, " city "), "a name is taken once, however it is written"
    shop = CustomerField.objects.get(label="Shop")
    client.post(reverse("customers:field_move", args=[shop.pk]), {"to": "up"})
    client.post(reverse("customers:field_move", args=[shop.pk]), {"to": "up"})
    assert labels() == ["Shop", "City", "Contract"]
    key = shop.key
    client.post(reverse("customers:field_rename", args=[shop.pk]), {"label": "Store"})
    shop.refresh_from_db()
    assert (labels()[0], shop.key) == ("Store", key)


def test_twenty_columns_are_the_most(client, member):
    CustomerField.objects.bulk_create(
        CustomerField(organization=member.organization, key=f"c{at}", label=f"L{at}", position=at)
        for at in range(20)
    )
    assert not add(client, "One more")
    assert "which is the limit" in client.get(reverse("customers:fields")).content.decode()


def test_a_removed_column_takes_its_values_along(client, city, customer):
    made = customer(a_number(1), fields={"c1": "Leeds", "c2": "stays"})
    address = reverse("customers:field_remove", args=[city.pk])
    assert "Leeds" in client.get(address).content.decode(), "what is lost is said"
    client.post(address)
    assert not CustomerField.objects.exists()
    changes.run(CustomerChange.objects.get().pk)
    made.refresh_from_db()
    assert made.fields == {"c2": "stays"}
    assert Customer.objects.count() == 1
