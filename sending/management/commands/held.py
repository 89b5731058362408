"""Compares and releases a console that is held, or holds it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from accounts.errors import Conflict
from accounts.held import hold, look
from accounts.models import HeldBecause, Rest
from sending.delivery.held import comparison, reading, release
from sending.delivery.held.words import sentences


class Command(BaseCommand):
    """`manage.py held [--hold | --compare [--journals FOLDER] | --release [--not-sent]]`."""

    help = (
        "Say whether the console is held. --compare reads the journals of this host, --release "
        "lets things leave again, --hold holds the console before its workers start."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one act; none only says how it stands."""
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--hold", action="store_true", help="nothing leaves from now on")
        acts.add_argument("--compare", action="store_true", help="read journals, say what is known")
        acts.add_argument("--release", action="store_true", help="things leave again")
        parser.add_argument(
            "--journals",
            type=Path,
            metavar="FOLDER",
            help="with --compare: a copy of another host's journals, instead of this host's",
        )
        parser.add_argument(
            "--not-sent",
            action="store_true",
            help="with --release: I know that nothing was sent since; the queue is sent",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, and say how the console stands."""
        if options["hold"] and not hold(HeldBecause.BY_OPERATOR):
            raise CommandError("The console is held already.")
        if options["compare"]:
            self._compare(options["journals"])
        if options["release"]:
            self._release(not_sent=options["not_sent"])
        self._tell()

    def _compare(self, journals: Path | None) -> None:
        if not look().is_held:
            raise CommandError("The console is not held: there is nothing to compare.")
        try:
            if journals is None:
                reading.report(settings.JOURNAL_DIR)
            elif journals.is_dir():
                reading.read_foreign(journals)
            else:
                raise CommandError(f"There is no folder {journals}.")
        except reading.StillSending as journal:
            raise CommandError(f"A sender still writes {journal}. Stop its worker first.") from None

    def _release(self, *, not_sent: bool) -> None:
        known = comparison.compare()
        proven = known is not None and known.is_complete
        try:
            release.release(None, Rest.QUEUED if not_sent or proven else Rest.DOUBT)
        except Conflict as refusal:
            raise CommandError(str(refusal)) from refusal
        while release.go_on():
            pass

    def _tell(self) -> None:
        look()
        known = comparison.compare()
        if known is None:
            self.stdout.write("The console is not held.")
            return
        self.stdout.write(f"The console is held since {known.since:%Y-%m-%d %H:%M:%S} UTC.")
        self.stdout.write(str(known.because.label))
        for sentence in sentences(known):
            self.stdout.write(f"- {sentence}")
        if known.is_complete:
            self.stdout.write("To send what is queued: ./console manage held --release")
            return
        self.stdout.write(
            "To put what may have left in doubt and go on: ./console manage held --release\n"
            "Only if you know that nothing was sent since, add --not-sent."
        )
