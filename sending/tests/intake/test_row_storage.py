"""The connection while rows are stored: tuned on SQLite, and as it was before afterwards."""

import pytest
from django.db import connection

from sending.intake import row_storage


def pragmas():
    """Return the settings of the connection that `tuned` changes."""
    found = {}
    with connection.cursor() as cursor:
        for name in row_storage._SQLITE_BULK:
            cursor.execute(f"PRAGMA {name}")
            found[name] = (cursor.fetchone() or [0])[0]
    return found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has pragmas")
@pytest.mark.django_db(transaction=True)
def test_the_connection_is_as_before_even_after_an_error():
    before = pragmas()

    def fail():
        with row_storage.tuned():
            assert pragmas()["synchronous"] == row_storage._SQLITE_BULK["synchronous"]
            assert pragmas()["mmap_size"] == row_storage._SQLITE_BULK["mmap_size"]
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert pragmas() == before


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_tuned():
    with row_storage.tuned():
        assert connection.in_atomic_block
