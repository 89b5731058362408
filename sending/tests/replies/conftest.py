"""No Celery, prices and a gateway: what every reply needs."""

from functools import partial

import pytest

from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

__all__ = ["forget_versions", "rows_of_migrations"]


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """Return the names of the Celery tasks that somebody was woken up for."""
    names = []
    for name in ("put_replies_together", "submit"):
        monkeypatch.setattr(f"sending.tasks.{name}.delay", partial(names.append, name))
    return names


@pytest.fixture
def gateway(db, rows_of_migrations):
    from sending.tests.factories import make_gateway, make_prices

    make_prices()
    return make_gateway()
