"""Is there room for what the console writes?"""

from collections.abc import Iterator

from django.conf import settings

from sending.models.disk_room import MEGABYTE, DiskRoom, disk_rooms
from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well

# So many times what is too little is little.
_FEW_TIMES = 10


@check("disk", needs_database=False)
def disk() -> Iterator[Diagnosis]:
    """Look at each folder of this host, as the operations page and /readyz do."""
    yield from map(room, disk_rooms())


def room(found: DiskRoom) -> Diagnosis:
    """Return what it means for a folder. Senders stop when a journal cannot be written."""
    sentence = f"{found.free // MEGABYTE:,} MB are free for {found.folder}."
    fix = "Free up space, or move VAR_DIR: nothing is sent when a journal cannot be written."
    if found.is_low:
        return problem(found.folder, sentence, fix)
    if found.free < _FEW_TIMES * settings.DISK_LOW_MEGABYTES * MEGABYTE:
        return warning(found.folder, sentence, fix)
    return well(found.folder, sentence)
