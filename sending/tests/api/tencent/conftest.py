"""A program with a key, and what it may send. Imports of models wait for Django."""

import pytest


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch):
    """Keys are those of the test, nobody is woken up, and nobody asks too often."""
    from sending import tasks
    from sending.api import callers, rates
    from sending.api.tencent import limits

    callers.forget()
    rates.forget()
    monkeypatch.setattr(limits, "take", lambda *_: None)
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)


@pytest.fixture
def member(db):
    from sending.models import MessageSequence
    from sending.tests.factories import make_gateway, make_prices, make_sender

    # A test that commits empties the database, and with it what migrations put there.
    MessageSequence.objects.get_or_create(pk=1)
    make_gateway()
    make_prices()
    return make_sender()


@pytest.fixture
def application(member):
    from sending.tests.factories import default_application

    return default_application(member.organization)


@pytest.fixture
def key(member, application):
    from accounts.tests.factories import make_api_key

    return make_api_key(application, created_by=member.user)


@pytest.fixture
def program(key):
    """A program that signs as the official SDKs do, without a server."""
    from sending.tests.api.tencent.program import Program

    return Program(key)
