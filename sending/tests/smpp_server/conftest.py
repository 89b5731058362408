"""What every test of the SMPP server stands on."""

from datetime import timedelta

import pytest

from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

__all__ = ["forget_versions", "rows_of_migrations"]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Ids come again from test to test."""
    from sending.acceptance import memory

    for remembered in vars(memory).values():
        if isinstance(remembered, memory.Memory):
            remembered._known.clear()


@pytest.fixture(autouse=True)
def receipts_at_once(monkeypatch):
    """Receipts are due with the end that they tell; `test_receipts` has the usual second."""
    monkeypatch.setattr("sending.models.smpp_receipt._AFTER_ANSWER", timedelta(0))


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """No senders run here that could be woken."""
    monkeypatch.setattr("sending.smpp_server.server.WAKE_UPS.ask", lambda: None)


@pytest.fixture
def program():
    """An organization with approved texts, prices, a gateway and an application."""
    from sending.tests.acceptance.program import Program

    return Program()


@pytest.fixture
def account(program):
    """An account that binds from this machine."""
    from sending.tests.smpp_server.accounts import make_account

    return make_account(program.application)


@pytest.fixture
def server():
    """A server that listens on this machine."""
    from sending.tests.smpp_server.running import running

    with running() as server:
        yield server


@pytest.fixture
def client(server, account):
    """A transceiver of the account."""
    from sending.tests.smpp_server.running import Client

    with Client(server.port) as client:
        assert client.bind() == 0
        yield client
