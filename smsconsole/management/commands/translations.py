"""Renews the catalogues of translations, takes filled ones in, and says what is missing."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from smsconsole.translations import catalogues
from smsconsole.translations.checking import problems
from smsconsole.translations.renewing import filled, renew


class Command(BaseCommand):
    """`translations [--take FILE] [--check]`."""

    help = (
        "Brings the catalogues up to the code, and writes what is missing into "
        "var/missing.LOCALE.po. Fill that file in, and take it with --take. "
        "--check changes nothing and names every fault."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Two ways to use it."""
        parser.add_argument("--take", type=Path, metavar="FILE", help="a filled missing.LOCALE.po")
        parser.add_argument("--check", action="store_true", help="only say what is wrong")

    def handle(self, *, take: Path | None, check: bool, **_options: Any) -> None:
        """Do what was asked for, for every language."""
        for locale in catalogues.LOCALES:
            if not check:
                self._renew(locale, take)
        found = [f"{locale}: {each}" for locale in catalogues.LOCALES for each in problems(locale)]
        if check and found:
            raise CommandError("\n".join(found))

    def _renew(self, locale: str, take: Path | None) -> None:
        takes = take is not None and locale in take.name
        missing = renew(locale, filled(take, locale) if take and takes else {})
        path = settings.VAR_DIR / f"missing.{locale}.po"
        catalogues.write(missing, path)
        self.stdout.write(f"{locale}: {len(missing)} strings to translate, in {path}")
