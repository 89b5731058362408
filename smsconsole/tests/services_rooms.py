"""Which tests a full run repeats on PostgreSQL and Redis (docs/decisions/0058).

pyproject.toml names them: `services_rooms`, less `services_rooms_without`. What has the mark `once`
in one of these files is not repeated; what has the mark `services` runs there alone.
"""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

import pytest

ROOMS, WITHOUT = "services_rooms", "services_rooms_without"


def is_repeated(path: PurePath, rooms: Iterable[str], without: Iterable[str]) -> bool:
    """Tell whether a file of tests, or a folder that may hold some, is repeated.

    All paths are relative to the repository.
    """
    places = [PurePath(room) for room in rooms]
    if any(path.is_relative_to(place) for place in map(PurePath, without)):
        return False
    return any(path.is_relative_to(place) or place.is_relative_to(path) for place in places)


def on_one_database(
    on_services: set[str], names: Iterable[str], values: Mapping[str, Any] | None = None
) -> list[Any]:
    """Return parameters of which a full run has some on PostgreSQL alone, the others on SQLite.

    `values` are by name, which is the value itself unless it is given.
    """
    marks = pytest.mark.once, pytest.mark.services
    return [
        pytest.param((values or {}).get(name, name), id=name, marks=marks[name in on_services])
        for name in names
    ]
