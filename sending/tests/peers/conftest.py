"""What tests with peers stand on where they have a database."""

from sending.tests.smpp_server.conftest import (
    forget_versions,
    nothing_remembered,
    receipts_at_once,
    rows_of_migrations,
)

__all__ = ["forget_versions", "nothing_remembered", "receipts_at_once", "rows_of_migrations"]
