"""The function that PostgreSQL keeps reads what the text reads."""

import re
from importlib import import_module

import pytest
from django.db import connection

from sending.guard.reading import function_of_read

made = import_module("sending.migrations.0050_guard_read")


def words(text: str) -> list[str]:
    """Break a text where nothing depends on how many spaces there are."""
    return re.sub(r"([()])", r" \1 ", text).split()


def test_the_migration_makes_the_function_of_the_code():
    assert words(made.READ) == words(function_of_read()), (
        "What the guard reads was changed: make a function with another name in a new migration."
    )


@pytest.mark.django_db
def test_the_database_has_that_function():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps no functions.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'guard_read'")
        ((body,),) = cursor.fetchall()
    _head, _mark, rest = function_of_read().partition("$$")
    assert words(body) == words(rest.rpartition("$$")[0])
