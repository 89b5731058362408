"""An organization with a key and something to send. Imports of models wait for Django."""

import pytest

from sending.tests.callbacks.receivers import Receiver
from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

__all__ = ["forget_versions", "rows_of_migrations"]


@pytest.fixture
def receiver():
    """A program that takes everything."""
    with Receiver() as started:
        yield started


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch):
    """Keys and rates are those of the test, and nobody is woken up."""
    from sending import tasks
    from sending.api.tencent import callers, limits

    callers.forget()
    limits.forget()
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)


@pytest.fixture
def key(db):
    """A key of an organization that may send, with a gateway and prices."""
    from accounts.models import ApiKey
    from sending.models import MessageSequence
    from sending.tests.factories import default_application, make_gateway, make_prices, make_sender

    # A test that commits empties the database, and with it what migrations put there.
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    member = make_sender()
    application = default_application(member.organization)
    return ApiKey.objects.create(
        organization=member.organization, application=application, created_by=member.user
    )


@pytest.fixture
def template(key):
    """An approved text template with two variables."""
    from sending.tests.factories import CODE_BODY
    from templates_app.tests.factories import approved_template

    return approved_template(key.organization, CODE_BODY)
