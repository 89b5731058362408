"""What every test of callbacks stands on."""

import pytest

from sending.tests.callbacks.receivers import Receiver
from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

__all__ = ["forget_versions", "rows_of_migrations"]


@pytest.fixture
def receiver():
    """A program that takes everything."""
    with Receiver() as started:
        yield started
