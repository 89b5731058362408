"""`manage.py import_playsms dump.sql --organization Harbourline`: move from playSMS."""

from pathlib import Path
from typing import Any

from django.core.management import CommandError

from sending.importing.bounded_file import Unreadable, files_in
from sending.importing.foreign import Findings
from sending.importing.playsms import read_playsms
from sending.management.moving_command import MovingCommand


class Command(MovingCommand):
    """Reads a dump of its database, or exported tables, and makes applications and customers."""

    help = (
        "Bring users, phonebooks, groups and the stop list over from playSMS: from a dump"
        " (mysqldump, phpMyAdmin) or csv files. Shows a plan; --apply follows it."
    )
    source_name = "playSMS"

    def read(self, path: Path, **_options: Any) -> Findings:
        """Read a file, or all files of a folder that end in .sql or .csv."""
        try:
            files = files_in(path)
            if path.is_dir():
                files = [one for one in files if one.suffix.lower() in {".sql", ".csv"}]
            return read_playsms(files)
        except Unreadable as error:
            raise CommandError(str(error)) from None
