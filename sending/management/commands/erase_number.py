"""`manage.py erase_number +447700900123`: forget a number, in all organizations."""

from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db import connection

from sending.management.number_argument import msisdn_of
from sending.models import NumberErasure
from sending.retention import leftovers, number_erasure
from sending.sms.number_pattern import NumberPattern


class Command(BaseCommand):
    """Erases, says what is left to wait for, and gives the pages of SQLite back overwritten."""

    help = (
        "Erase all that is known about a number, in all organizations. Queued messages to it are"
        " cancelled; those on their way are waited for. This cannot be undone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the number."""
        parser.add_argument("number", help="with its country code, such as +447700900123")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, number: str, yes: bool, **_options: Any) -> None:
        """Erase, and say what was erased and what is not."""
        msisdn = msisdn_of(number)
        if not yes and input(f"Erase all about {msisdn}? Type yes: ").strip() != "yes":
            self.stdout.write("Nothing was erased.")
            return
        erasure = number_erasure.request(msisdn=msisdn, organization=None, actor=None)
        number_erasure.run(erasure.pk)
        erasure.refresh_from_db()
        self._tell(erasure)
        for path in leftovers.logs_with(NumberPattern(msisdn)):
            self.stdout.write(f"{path} has the number: delete the file when you do not need it.")
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            self._overwrite()

    def _tell(self, erasure: NumberErasure) -> None:
        for name, count in erasure.counts.items():
            self.stdout.write(f"{name.replace('_', ' ')}: {count}")
        if erasure.finished_at:
            self.stdout.write(f"Erased. The audit trail calls the number {erasure.digest}.")
            return
        self.stdout.write(
            f"{erasure.in_flight} messages are on their way. They are erased when they have"
            " arrived or failed, and when checks and imports that run now are over."
        )

    def _overwrite(self) -> None:
        """Write the database file anew: pages that are free still have what was in them."""
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
