"""What the tests of the guard share with those of the engine, and the moment they are in."""

from collections.abc import Iterator

import pytest
import time_machine

from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

__all__ = ["forget_versions", "rows_of_migrations"]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still at AT until a test moves it."""
    from sending.tests.acceptance.program import AT

    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller
