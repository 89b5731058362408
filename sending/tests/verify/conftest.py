"""What the tests of Verify share with those of the engine."""

from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

__all__ = ["forget_versions", "rows_of_migrations"]
