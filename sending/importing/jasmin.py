"""Reads Jasmin: its store, or what its console printed."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from sending.importing.bounded_file import octets_of
from sending.importing.foreign import Findings, ForeignConnector, ForeignUser
from sending.importing.jasmin_listing import read_listing
from sending.importing.jasmin_store import is_store, read_store

Named = TypeVar("Named", ForeignConnector, ForeignUser)


def read_jasmin(paths: Iterable[Path], profile: str = "") -> Findings:
    """Return what files of a store or listings say; raise Unreadable.

    With a `profile`, files of other profiles in the same folder are passed over.
    """
    found = Findings()
    for path in paths:
        if profile and not path.name.startswith(f"{profile}."):
            continue
        octets = octets_of(path)
        if is_store(octets):
            read_store(path.name, octets, found)
        else:
            lines = octets.decode("utf-8", "replace").splitlines()
            read_listing(path.name, enumerate(lines, 1), found)
    found.users = _first(found.users)
    found.connectors = _first(found.connectors)
    return found


def _first(named: list[Named]) -> list[Named]:
    """Return the first of each name: a store and a listing may say the same twice."""
    return list({one.name: one for one in reversed(named)}.values())[::-1]
