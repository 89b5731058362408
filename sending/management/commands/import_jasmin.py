"""`manage.py import_jasmin /etc/jasmin/store --organization Harbourline`: move from Jasmin."""

from pathlib import Path
from typing import Any

from django.core.management import CommandError, CommandParser

from sending.importing.bounded_file import Unreadable, files_in
from sending.importing.foreign import Findings
from sending.importing.jasmin import read_jasmin
from sending.management.moving_command import MovingCommand


class Command(MovingCommand):
    """Reads a store, or what jcli printed, and makes gateways, routes and applications."""

    help = (
        "Bring users, routes and connectors over from Jasmin: from its store, or from a text with"
        " what jcli printed (user -l, mtrouter -l, smppccm -s). Shows a plan; --apply follows it."
    )
    source_name = "Jasmin"

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the files, and which group of users is meant."""
        super().add_arguments(parser)
        parser.add_argument("--profile", default="jcli-prod", help="of the store (jcli-prod)")
        parser.add_argument("--group", default="", help="only users of this group")

    def read(self, path: Path, **options: Any) -> Findings:
        """Read the files of the profile; a file that is named is read whatever its name."""
        try:
            files = files_in(path)
            found = read_jasmin(files, "" if path.is_file() else options["profile"])
        except Unreadable as error:
            raise CommandError(str(error)) from None
        if group := options["group"]:
            found.users = [user for user in found.users if user.group == group]
        return found
