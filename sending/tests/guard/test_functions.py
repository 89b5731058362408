"""The functions that PostgreSQL keeps for one message are those of the code."""

import re
from importlib import import_module

import pytest
from django.db import connection

from sending.guard.reading import function_of_read
from sending.guard.storing import function_of_keep

FUNCTIONS = {
    "guard_read": (function_of_read, import_module("sending.migrations.0050_guard_read").READ),
    "guard_keep": (function_of_keep, import_module("sending.migrations.0052_guard_keep").KEEP),
}


def words(text: str) -> list[str]:
    """Break a text where nothing depends on how many spaces there are."""
    return re.sub(r"([()])", r" \1 ", text).split()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_migration_makes_the_function_of_the_code(name):
    of_code, of_migration = FUNCTIONS[name]
    assert words(of_migration) == words(of_code()), (
        "What it does was changed: make a function with another name in a new migration."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_database_has_that_function(name):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps no functions.")
    of_code, _of_migration = FUNCTIONS[name]
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [name])
        ((body,),) = cursor.fetchall()
    _head, _mark, rest = of_code().partition("$$")
    assert words(body) == words(rest.rpartition("$$")[0])
