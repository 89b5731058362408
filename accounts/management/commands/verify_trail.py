"""Walks the audit trail and says whether anything in it was changed, added or taken away."""

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from accounts.trail_check import Anchor, Broken, verify


def anchor(text: str) -> Anchor:
    """Read CHAIN:POSITION:SEAL."""
    try:
        chain, position, seal = text.split(":")
        return Anchor(int(chain), int(position), seal)
    except ValueError:
        raise CommandError(
            f"{text!r} is no anchor. Write organization:position:seal as the security log has "
            "them; 0 instead of an organization where the line names none."
        ) from None


class Command(BaseCommand):
    """`manage.py verify_trail`: ends with 1 at the first entry that is not what was recorded."""

    help = "Check the seals of the whole audit trail, chain by chain."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take anchors from a copy of the security log that nobody could change."""
        parser.add_argument(
            "--anchor",
            nargs="*",
            default=[],
            metavar="ORGANIZATION:POSITION:SEAL",
            help="an entry that must be there, from a line of the security log",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what was found; raise CommandError (exit code 1) at the first break."""
        anchors = [anchor(text) for text in options["anchor"]]
        try:
            lengths = verify(anchors)
        except Broken as broken:
            raise CommandError(str(broken)) from None
        for end in lengths:
            self.stdout.write(f"{end.chain}:{end.position}:{end.seal}")
        self.stdout.write(
            f"The trail is whole: {sum(end.position for end in lengths)} entries in "
            f"{len(lengths)} chains. The lines above are the ends of the chains: keep them "
            "elsewhere, and give them as --anchor the next time."
        )
