"""A program with a key, and what it may send."""

import pytest

from accounts.models import ApiKey, SmsApplication
from sending.api.tencent import callers, limits
from sending.tests.api.tencent.program import Program
from sending.tests.factories import default_application, make_gateway, make_prices, make_sender


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch):
    """Keys and rates are those of the test, and nobody is woken up."""
    from sending import tasks

    callers.forget()
    limits.forget()
    monkeypatch.setattr(tasks.submit, "delay", lambda: None)


@pytest.fixture
def member():
    make_gateway()
    make_prices()
    return make_sender()


@pytest.fixture
def application(member) -> SmsApplication:
    return default_application(member.organization)


@pytest.fixture
def key(member, application) -> ApiKey:
    return ApiKey.objects.create(
        organization=member.organization, application=application, created_by=member.user
    )


@pytest.fixture
def program(key) -> Program:
    """A program that signs as the official SDKs do, without a server."""
    return Program(key)
