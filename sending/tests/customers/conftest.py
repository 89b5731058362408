"""A member with customers, whose wake-ups go nowhere: tests play the workers."""

import pytest


@pytest.fixture
def member(client, db):
    from sending.tests.factories import make_sender

    member = make_sender()
    client.force_login(member.user)
    return member


@pytest.fixture(autouse=True)
def _workers(monkeypatch):
    for name in ("read_file", "change_customers", "erase_number"):
        monkeypatch.setattr(f"sending.tasks.{name}.delay", lambda **_ids: None)


@pytest.fixture
def city(member):
    from sending.models import CustomerField

    return CustomerField.objects.create(
        organization=member.organization, key="c1", label="City", position=0
    )


@pytest.fixture
def customer(member):
    """Make a customer of the member's organization."""
    from sending.models import Customer
    from sending.sms import msisdn

    def make(number, organization=None, **kept):
        return Customer.objects.create(
            organization=organization or member.organization,
            msisdn=number,
            country=msisdn.parse(number).country,
            **kept,
        )

    return make
