"""Does this machine's clock agree with the database's?"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.utils import timezone

from smsconsole.doctor.registry import Diagnosis, check, problem, well

_MOST_SECONDS = 2.0


@check("clock")
def clock() -> Iterator[Diagnosis]:
    """Ask the database for the time; with SQLite there is one clock only."""
    if connection.vendor != "postgresql":
        yield well("clock", "Database and console share this machine's clock.")
        return
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        theirs = cursor.fetchone()[0]
        after = timezone.now()
    yield offset(before, theirs, after)


def offset(before: datetime, theirs: datetime, after: datetime) -> Diagnosis:
    """Return what the database's moment says, which was read between two of ours."""
    seconds = (theirs - before - (after - before) / 2).total_seconds()
    if abs(seconds) <= _MOST_SECONDS:
        return well("clock", f"The database's clock is {seconds:+.1f} s from ours.")
    return problem(
        "clock",
        f"The database's clock is {seconds:+.1f} s from ours: validities and leases go wrong.",
        "Let NTP set the clocks of all machines (timedatectl set-ntp true), then restart.",
    )
