"""The hosts of the console: what runs there, how right their clocks are, how much room is left."""

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import shared_time
from sending.models import LiveWorker
from sending.models.disk_room import MEGABYTE, DiskRoom, disk_rooms

# Every work and check worker shows itself within seconds; a host that is silent is gone.
SEEN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class HostView:
    """A host, as its workers last told, or as this process sees it itself.

    `clock_offset` is seconds that its clock is ahead of the database's; negative: behind.
    """

    name: str
    kinds: Sequence[str]
    slots: int
    clock_offset: float
    rooms: Sequence[DiskRoom]

    @property
    def clock_is_wrong(self) -> bool:
        """Whether its clock is farther off than hosts may be."""
        return abs(self.clock_offset) > shared_time.MOST_OFFSET_SECONDS

    @property
    def runs(self) -> str:
        """Return the kinds of its workers, as people read them."""
        return ", ".join(self.kinds)

    @property
    def megabytes(self) -> Sequence[tuple[str, int]]:
        """Return the room of each folder in megabytes."""
        return [(room.folder, room.free // MEGABYTE) for room in self.rooms]

    @property
    def warnings(self) -> list[str]:
        """Return a sentence for each thing that somebody must see to."""
        return list(_warnings(self))


def _warnings(view: HostView) -> Iterator[str]:
    if view.clock_is_wrong:
        said = {"host": view.name, "seconds": f"{abs(view.clock_offset):,.0f}"}
        ahead = _(
            "The clock of %(host)s is %(seconds)s s ahead of the database. Correct it with NTP: "
            "its workers do not start again until then."
        )
        behind = _(
            "The clock of %(host)s is %(seconds)s s behind the database. Correct it with NTP: its "
            "workers do not start again until then."
        )
        yield (ahead if view.clock_offset > 0 else behind) % said
    for room in view.rooms:
        if room.is_low:
            low = _(
                "%(host)s has only %(free)s MB left for %(folder)s. It needs at least %(least)s "
                "MB. Free up space before writing fails."
            )
            yield low % {
                "host": view.name,
                "free": f"{room.free // MEGABYTE:,}",
                "folder": room.folder,
                "least": f"{settings.DISK_LOW_MEGABYTES:,}",
            }


def hosts(now: datetime) -> list[HostView]:
    """Return this host and those of workers that were seen lately, by name."""
    here = socket.gethostname()[:80]
    found = {here: HostView(here, ["web"], 0, shared_time.machine_offset(), disk_rooms())}
    lately = LiveWorker.objects.filter(beat_at__gte=now - SEEN).order_by("host", "kind", "name")
    for worker in lately:
        rooms = [DiskRoom(folder, free) for folder, free in worker.free.items()]
        known = found.get(worker.host, HostView(worker.host, [], 0, 0.0, []))
        found[worker.host] = HostView(
            name=worker.host,
            kinds=list(dict.fromkeys([*known.kinds, worker.kind])),
            slots=known.slots + worker.slots,
            clock_offset=max(known.clock_offset, worker.clock_offset, key=abs),
            rooms=_scarcer(known.rooms, rooms),
        )
    return [found[name] for name in sorted(found)]


def _scarcer(one: Sequence[DiskRoom], other: Sequence[DiskRoom]) -> list[DiskRoom]:
    """Return each folder once, with the least room: containers of a host have their own."""
    free: dict[str, int] = {}
    for room in (*one, *other):
        free[room.folder] = min(room.free, free.get(room.folder, room.free))
    return [DiskRoom(folder, left) for folder, left in free.items()]
