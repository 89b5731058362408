"""An organization in Hong Kong, a reader of it, and a clock that stands."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

# Ten to midnight in Hong Kong, on 20 November 2026.
NOW = datetime(2026, 11, 20, 15, 50, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """Hold the clock where the tests say it is."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def member(db):
    from sending.models import PriceVersion
    from sending.tests.factories import make_prices, make_sender

    make_prices()
    PriceVersion.objects.update(valid_from=datetime(2026, 1, 1, tzinfo=UTC))
    return make_sender(time_zone="Asia/Hong_Kong")


@pytest.fixture
def reader(member):
    from sending.tests.send_tasks.reader import Reader

    return Reader(member)
