"""Makes a backup of the database, uploads and journals."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from smsconsole.backup.making import back_up, write_keys
from smsconsole.backup.manifest import CannotBackUp


class Command(BaseCommand):
    """`./console backup [FOLDER] [--keys FILE]`."""

    help = (
        "Write the database, uploads and journals into a new folder while the console works. Keys "
        "are not in it: --keys writes them into a file of their own."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a folder, and a file for the keys."""
        parser.add_argument("folder", nargs="?", type=Path, help="it must not exist yet")
        parser.add_argument("--keys", type=Path, metavar="FILE", help="where to write SECRET_KEY")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it, and say what is in it."""
        name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        folder = options["folder"] or settings.VAR_DIR / "backups" / name
        try:
            if options["keys"]:
                write_keys(options["keys"], folder)
            manifest = back_up(folder)
        except CannotBackUp as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Wrote {folder}: {sum(manifest.rows.values()):,} rows in {len(manifest.rows)} tables, "
            f"{manifest.uploads:,} uploads, {manifest.journals:,} journals."
        )
        if options["keys"]:
            self.stdout.write(f"Wrote the keys to {options['keys']}: keep them apart.")
        else:
            self.stdout.write(
                "The keys are not in it: without SECRET_KEY it cannot be restored. Keep it apart "
                "from the backup (--keys FILE writes it)."
            )
