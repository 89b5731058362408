"""What every test of retention stands on."""

from sending.tests.delivery.conftest import forget_versions, rows_of_migrations

__all__ = ["forget_versions", "rows_of_migrations"]
