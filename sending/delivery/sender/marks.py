"""What a send host has seen of the database: one that has come less far is an older one.

Every claim counts the claims of its bind slot, and every taken slot the generation of the
database, in the transaction itself. A host keeps what it has seen of all hosts in a file beside its
journals, and its own claims in the journals, before anything of them goes to the wire. A host
without that file is new: it holds nothing up.
"""

import json
import logging
import os
import secrets
import socket
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from accounts import held, shared_time
from accounts.models import HeldBecause, Standing
from sending.delivery.sender.journal import KEPT, SUFFIX, names
from sending.models import BindSlot, Message, SendHost

log = logging.getLogger(__name__)

_FILE = "mark.json"
_HOST_FILE = "host"
# Claims come after a few hundred lines at most.
_TAIL = 1_000_000
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class HostMark:
    """How far a database had come: `slots` are claims by slot, named as `1-2`."""

    instance: str
    generation: int
    slots: dict[str, int]


def of_database() -> HostMark:
    """Return how far the database has come."""
    standing = Standing.current()
    rows = BindSlot.objects.values_list("gateway_id", "number", "claims")
    slots = {f"{gateway}-{number}": claims for gateway, number, claims in rows if claims}
    return HostMark(standing.instance, standing.generation, slots)


def read(directory: Path) -> HostMark | None:
    """Return what this host has seen; None when it is new, or the file says nothing."""
    try:
        said = json.loads((directory / _FILE).read_text())
        slots = {str(name): int(claims) for name, claims in said["slots"].items()}
        return HostMark(str(said["instance"]), int(said["generation"]), slots)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        log.warning("%s cannot be read", directory / _FILE)
        return None


def write(directory: Path, mark: HostMark) -> None:
    """Keep what this host has seen."""
    directory.mkdir(parents=True, exist_ok=True)
    hidden = directory / f"{_FILE}.{os.getpid()}"
    hidden.write_text(json.dumps(asdict(mark)))
    hidden.replace(directory / _FILE)


def host_id(directory: Path) -> str:
    """Return the id of a folder of journals; a new one is given one."""
    path = directory / _HOST_FILE
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        directory.mkdir(parents=True, exist_ok=True)
        hidden = directory / f"{_HOST_FILE}.{os.getpid()}"
        hidden.write_text(secrets.token_hex(16))
        try:
            # Of two workers that are new at the same moment one gives the name.
            path.hardlink_to(hidden)
        except FileExistsError:
            pass
        finally:
            hidden.unlink()
        return path.read_text().strip()


class Watcher:
    """Looks again and again whether the database is the one that this host knows."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._first = True
        self._mark: HostMark | None = None
        self._noted_at: Any = None

    def look(self) -> bool:
        """Tell whether the console is held, and hold it when its database is an older one."""
        # Before the database: what it says afterwards can only be more.
        mark = self._mark or read(self._directory)
        if mark and self._first:
            mark = with_journals(mark, self._directory)
        standing = held.look()
        if standing.is_held:
            self._mark = None
            return True
        now = of_database()
        if mark and (details := missing(mark, now, standing)):
            held.hold(HeldBecause.OLDER, **details)
            return True
        if now != self._mark:
            write(self._directory, now)
        self._mark, self._first = now, False
        self._note_host()
        return False

    def _note_host(self) -> None:
        now = shared_time.now()
        if self._noted_at is None or now - self._noted_at > _SEEN_EVERY:
            note_host(self._directory)
            self._noted_at = now


def note_host(directory: Path) -> str:
    """Write into the database that this folder of journals is used, and return its id."""
    host = host_id(directory)
    SendHost.objects.update_or_create(
        pk=host, defaults={"name": socket.gethostname()[:80], "seen_at": shared_time.now()}
    )
    return host


def missing(mark: HostMark, now: HostMark, standing: Standing) -> dict[str, Any]:
    """Return what the database lacks of what a host has seen; empty when it lacks nothing.

    A slot that the database does not know was deleted with its gateway, unless the database does
    not know either that it was ever taken.
    """
    if mark.instance != now.instance:
        if mark.instance in standing.earlier or is_new(now):
            return {}
        return {"other_history": True}
    claims = sum(
        max(0, seen - now.slots.get(name, 0))
        for name, seen in mark.slots.items()
        if name in now.slots or name_exists(name)
    )
    taken = max(0, mark.generation - now.generation)
    return {"claims": claims, "slots_taken": taken} if claims or taken else {}


def name_exists(name: str) -> bool:
    """Tell whether the database has this bind slot, although it says nothing of claims."""
    gateway, _dash, number = name.partition("-")
    return BindSlot.objects.filter(gateway_id=gateway, number=number).exists()


def is_new(now: HostMark) -> bool:
    """Tell whether nothing was ever sent from this database, and nothing waits to be."""
    return not now.generation and not now.slots and not Message.objects.exists()


def with_journals(mark: HostMark, directory: Path) -> HostMark:
    """Return a mark that knows what the newest journals say of claims, too."""
    slots, generation = dict(mark.slots), mark.generation
    folders = (directory, directory / KEPT)
    paths = [folder / f"{name}{SUFFIX}" for folder in folders for name in names(folder)]
    for path in sorted(paths, key=_written_at, reverse=True)[:200]:
        said = _last_claim(path, mark.instance)
        if said:
            slot, claims, taken = said
            slots[slot] = max(claims, slots.get(slot, 0))
            generation = max(generation, taken)
    return replace(mark, slots=slots, generation=generation)


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _last_claim(path: Path, instance: str) -> tuple[str, int, int] | None:
    """Return slot, claims and generation of the last claim in a journal of this history."""
    try:
        with path.open("rb") as file:
            head = file.read(400).decode(errors="replace").split("\n")
            file.seek(max(0, path.stat().st_size - _TAIL))
            lines = file.read().decode(errors="replace").split("\n")[:-1]
        if head[1].split(" ")[:2] != ["G", instance]:
            return None
        gateway, slot = head[0].split(" ")[3:5]
        claim = next((line for line in reversed(lines) if line.startswith("C ")), "")
        if not claim:
            return None
        return f"{gateway}-{slot}", int(claim.split(" ")[1]), int(head[1].split(" ")[3])
    except (OSError, ValueError, IndexError):
        # It proves nothing; recovery says so.
        return None
