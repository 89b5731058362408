"""What every test of the inbox stands on."""

from sending.tests.delivery.conftest import rows_of_migrations

__all__ = ["rows_of_migrations"]
