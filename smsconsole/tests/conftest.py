"""The world that walks go through: made once for the tests of a file."""

from collections.abc import Iterator
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

import pytest
import pytest_django
from django.db import transaction
from django.test import Client

if TYPE_CHECKING:
    from smsconsole.tests.world import World


@pytest.fixture(scope="module")
def made_world(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator["World"]:
    """Make it for all tests of a file, each of which undoes what it did itself."""
    # Django is not ready yet when this file is read.
    from smsconsole.tests.world import make_world

    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        made = make_world()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def world(made_world: "World", db: None) -> "World":
    """Return two organizations and all readers, with browsers that have visited nothing."""
    return replace(
        made_world,
        readers={name: _anew(client) for name, client in made_world.readers.items()},
        stranger=_anew(made_world.stranger),
        neighbour=_anew(made_world.neighbour),
    )


def _anew(client: Client) -> Client:
    """Return a browser with the session of another."""
    fresh = Client()
    fresh.cookies = SimpleCookie({name: kept.value for name, kept in client.cookies.items()})
    return fresh
