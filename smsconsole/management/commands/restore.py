"""Restores a backup; the console is held afterwards."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from smsconsole.backup.manifest import CannotRestore
from smsconsole.backup.restoring import restore, take_keys


class Command(BaseCommand):
    """`./console restore FOLDER [--keys FILE] [--replace]`."""

    help = (
        "Put a backup back into an empty database and an empty folder. The console is held "
        "afterwards: nothing leaves until an operator has compared and released."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder of a backup."""
        parser.add_argument("folder", type=Path, help="what ./console backup wrote")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="the file of keys")
        parser.add_argument(
            "--replace", action="store_true", help="even if there is a database already"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore, and say what comes next."""
        try:
            if options["keys"]:
                take_keys(options["keys"])
            manifest = restore(options["folder"], replace=options["replace"])
        except CannotRestore as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Restored {options['folder']}, made at {manifest.made_at}: "
            f"{sum(manifest.rows.values()):,} rows, {manifest.uploads:,} uploads."
        )
        if missing := manifest.missing_keys():
            self.stdout.write(
                f"{missing} earlier keys of the backup are not in SECRET_KEY_FALLBACKS: old seals "
                "and secrets cannot be read."
            )
        self.stdout.write(
            "The console is held: nothing leaves. Start it, let every send worker compare its "
            "journals, then look at Operations, Held, or run ./console manage held."
        )
