"""What commands that bring something over from other software have in common."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from accounts.models import Organization, User
from sending.importing.foreign import Findings
from sending.importing.moving import Destination, bring
from sending.importing.report import Report


class MovingCommand(BaseCommand):
    """Reads, shows a plan, and follows it where asked to."""

    source_name = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask where from, where to, and whether it is meant."""
        parser.add_argument("path", metavar="FOLDER|FILE")
        parser.add_argument("--organization", required=True, help="whose it becomes, by its name")
        parser.add_argument(
            "--user", dest="users", action="append", default=[], metavar="NAME",
            help="only this login and what belongs to it; may be repeated",
        )  # fmt: skip
        parser.add_argument("--operator", default="", help="e-mail address of who does this")
        meant = parser.add_mutually_exclusive_group()
        meant.add_argument("--dry-run", action="store_true", help="only show the plan (default)")
        meant.add_argument("--apply", action="store_true", help="make what the plan says")

    def read(self, path: Path, **options: Any) -> Findings:
        """Return what the files say; raise CommandError."""
        raise NotImplementedError

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read everything before anything is made."""
        applies = options["apply"]
        into = Destination(
            organization=_organization(options["organization"]),
            actor=_operator(options["operator"]),
            source_name=self.source_name,
            only=frozenset(options["users"]),
        )
        found = self.read(Path(options.pop("path")), **options)
        report = bring(found, into, applies=applies)
        for line in report.lines(applied=applies):
            self.stdout.write(line)
        if applies:
            self._show_secrets(report)
        elif report.made:
            self.stdout.write("Nothing was changed. Repeat this with --apply to do it.")
        if not report.made:
            self.stdout.write("There is nothing to make.")

    def _show_secrets(self, report: Report) -> None:
        """Show secrets once: they are never shown again."""
        if report.secrets:
            self.stdout.write("Secrets, shown now and never again:")
        for new in report.secrets:
            self.stdout.write(f"  {new.kind} of {new.application}: {new.name} {new.secret}")


def _organization(name: str) -> Organization:
    organizations = list(Organization.objects.filter(name=name, is_system=False, removed_at=None))
    if len(organizations) != 1:
        said = "no organization" if not organizations else "more than one organization"
        raise CommandError(f"There is {said} called {name}.")
    return organizations[0]


def _operator(email: str) -> User:
    operators = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    person = operators.filter(email=email.strip().lower()).first() if email else operators.first()
    if person is None:
        raise CommandError(
            f"{email} is no operator."
            if email
            else "There is no operator yet: run bootstrap first."
        )
    return person
