"""What every test of retention stands on."""

from typing import TYPE_CHECKING

import pytest

from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

if TYPE_CHECKING:
    from accounts.models import Member

__all__ = ["forget_versions", "rows_of_migrations"]


@pytest.fixture
def member(db: None) -> "Member":
    """Somebody whose organization sends as much as it likes."""
    from sending.tests.factories import make_sender

    return make_sender(daily_segment_limit=1_000_000)


@pytest.fixture
def no_wake_ups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens to them: the tests call the engine themselves."""
    from sending import tasks

    monkeypatch.setattr(tasks.submit, "delay", lambda: None)
