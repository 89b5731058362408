"""A send host reads its journals while the console is held, settles what they prove, and reports.

The report says which claims of which bind slots the journals tell of. Only all of them together
prove that what is still queued has not left.
"""

import logging
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accounts import shared_time
from accounts.models import Standing
from sending.delivery.held import settling
from sending.delivery.sender import marks
from sending.delivery.sender.journal import (
    FROM_BACKUP,
    KEPT,
    SUFFIX,
    Covered,
    DeadJournal,
    JournalUnreadable,
    names,
)
from sending.models import Gateway, SendHost

log = logging.getLogger(__name__)

# Counted beside what `settling` counts.
JOURNALS, TORN, OF_DELETED = "journals", "torn", "of_deleted"


class StillSending(Exception):
    """A sender of this host has not ended yet."""


def report(directory: Path) -> bool:
    """Read the journals of this host once for the present hold; False when there is none to do."""
    standing = Standing.current()
    host = marks.host_id(directory)
    row = SendHost.objects.filter(pk=host).first()
    if row and row.reported_for == standing.held_since:
        return False
    try:
        said = read(directory)
    except StillSending:
        return False
    if row is None and not any(said[part] for part in ("seen", "figures", "instance")):
        # A new host: that it knows nothing proves nothing.
        return False
    said["new"] = row is None
    marks.note_host(directory)
    SendHost.objects.filter(pk=host).update(report=said, reported_for=standing.held_since)
    log.warning("journals of this host are compared: %s", said["figures"])
    return True


def read_foreign(directory: Path) -> dict[str, Any]:
    """Settle what journals prove that lie in some folder, as of a host that is no more."""
    said = read(directory)
    standing = Standing.current()
    host = directory / "host"
    if host.exists():
        SendHost.objects.update_or_create(
            pk=host.read_text().strip(),
            defaults={
                "name": directory.name[:80],
                "seen_at": shared_time.now(),
                "report": said,
                "reported_for": standing.held_since,
            },
        )
    return said


def read(directory: Path) -> dict[str, Any]:
    """Settle what the journals in a folder prove; return the report.

    It has `figures`, the claims that are `covered` by slot as pairs (above, until), `seen`: how
    many claims of each slot this host knows of, whether what it has seen is `whole`, and the
    `instance` that it last saw, the name of another history after a second restore.
    """
    figures: Tally[str] = Tally()
    covered: dict[str, list[tuple[int, int]]] = defaultdict(list)
    mark = marks.read(directory)
    seen = dict(mark.slots) if mark else {}
    slots = marks.of_database().slots
    for path, proves_all in _paths(directory):
        for_journal = _covered(path)
        if for_journal:
            name = for_journal.slot_name
            seen[name] = max(seen.get(name, 0), for_journal.until)
            if for_journal.until <= slots.get(name, 0) and path.parent.name == KEPT:
                # The database knows all that it says.
                continue
        whole = _settle(path, figures)
        if for_journal and whole and proves_all:
            covered[for_journal.slot_name].append((for_journal.above, for_journal.until))
    return {
        "figures": dict(figures),
        "covered": covered,
        "seen": seen,
        "whole": bool(mark),
        "instance": mark.instance if mark else "",
    }


def _paths(directory: Path) -> Iterator[tuple[Path, bool]]:
    """Yield all journals, the oldest first, and whether they are the host's own."""
    found = [
        (folder / f"{name}{SUFFIX}", folder.name != FROM_BACKUP)
        for folder in (directory, directory / KEPT, directory / FROM_BACKUP)
        for name in names(folder)
    ]
    yield from sorted(found, key=lambda each: each[0].stat().st_mtime)


def _covered(path: Path) -> Covered | None:
    journal = _open(path)
    try:
        return journal.covered
    finally:
        journal.close()


def _open(path: Path) -> DeadJournal:
    """Open a journal; raise StillSending while its sender lives."""
    journal = DeadJournal.open(path)
    if journal is None:
        raise StillSending(path.name)
    return journal


def _settle(path: Path, figures: Tally[str]) -> bool:
    """Settle what one journal proves; tell whether it is whole."""
    journal = _open(path)
    try:
        figures[JOURNALS] += 1
        gateway = Gateway.objects.filter(pk=journal.gateway_id or 0).first()
        try:
            traces = journal.traces()
        except JournalUnreadable:
            log.exception("journal %s cannot be read", path.name)
            figures[TORN] += 1
            return False
        if gateway is None:
            figures[OF_DELETED] += len({key.message_id for key in traces})
            return True
        figures.update(settling.settle(gateway, traces))
        # After a power loss the end of one that was not put away may be missing.
        whole = journal.is_kept or journal.of_this_boot
        figures[TORN] += not whole
        return whole
    finally:
        journal.close()
