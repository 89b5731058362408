"""Does this machine's clock agree with the database's?"""

from collections.abc import Iterator

from django.db import connection

from accounts import shared_time
from smsconsole.doctor.registry import Diagnosis, check, problem, well


@check("clock")
def clock() -> Iterator[Diagnosis]:
    """Ask the database for the time; with SQLite there is one clock only."""
    if connection.vendor == "sqlite":
        yield well("clock", "Database and console share this machine's clock.")
    else:
        yield offset(shared_time.machine_offset())


def offset(seconds: float) -> Diagnosis:
    """Return what it means that this machine is so many seconds ahead of the database."""
    sentence = f"This machine's clock is {seconds:+.1f} s from the database's"
    if abs(seconds) <= shared_time.MOST_OFFSET_SECONDS:
        return well("clock", f"{sentence}.")
    return problem(
        "clock",
        f"{sentence}: no process starts here.",
        "Let NTP set the clocks of all machines (timedatectl set-ntp true), then start again.",
    )
