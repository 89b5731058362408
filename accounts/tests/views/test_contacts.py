"""Contacts: anybody with a way to be reached."""

import pytest
from django.urls import reverse

from accounts.models import Contact
from accounts.roles import Role
from accounts.tests.factories import log_in, make_contact, make_member, make_organization

pytestmark = pytest.mark.django_db


def create(client, **fields):
    form = {"name": "Legal", "email": "", "msisdn": "", **fields}
    return client.post(reverse("accounts:contact_create"), form)


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("+852 6123 4567", "+85261234567"),
        ("85261234567", "+85261234567"),
        ("+1 (202) 555-0123", "+12025550123"),
    ],
)
def test_a_number_is_kept_in_e164(client, entered, kept):
    log_in(client, make_member(Role.OWNER))
    assert create(client, msisdn=entered).status_code == 302
    assert Contact.objects.get().msisdn == kept


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"msisdn": "+86 138 0013 8000"},
        {"msisdn": "+852 2123 4567"},
        {"msisdn": "12345"},
        {"msisdn": "call me"},
        {"email": "nobody"},
        {"msisdn": "++852"},
    ],
)
def test_a_contact_needs_a_way_to_be_reached(client, fields):
    log_in(client, make_member(Role.OWNER))
    page = create(client, **fields)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert 'value="Legal"' in page.content.decode()
    assert not Contact.objects.exists()


def test_changing_and_removing(client):
    owner = make_member(Role.OWNER)
    contact = make_contact(owner.organization)
    log_in(client, owner)
    form = {"name": "Legal desk", "email": "legal@example.com", "msisdn": ""}
    client.post(reverse("accounts:contact_edit", args=[contact.pk]), form)
    assert "Legal desk" in client.get(reverse("accounts:contacts")).content.decode()
    client.post(reverse("accounts:contact_delete", args=[contact.pk]))
    assert not Contact.objects.exists()


def test_it_hides_what_is_not_yours(client):
    contact = make_contact(make_organization(), name="Not yours")
    log_in(client, make_member(Role.OWNER))
    assert "Not yours" not in client.get(reverse("accounts:contacts")).content.decode()
    for name in ("contact_edit", "contact_delete"):
        address = reverse(f"accounts:{name}", args=[contact.pk])
        assert client.post(address, {"name": "x", "email": "a@b.example"}).status_code == 404
    assert Contact.objects.get().name == "Not yours"
