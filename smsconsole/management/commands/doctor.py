"""Looks at everything a console needs and says what to do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from smsconsole.doctor import report
from smsconsole.doctor.registry import Diagnosis, Level, examine


class Command(BaseCommand):
    """`manage.py doctor [--json]`: 0 when there is no problem, 1 otherwise; changes nothing."""

    help = "Check settings, services, folders, workers, routes and gateways; say what to do."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for whom the answer is."""
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each finding as it is found, and end with 1 if there is a problem."""
        del args
        found: list[tuple[str, Diagnosis]] = []
        for noun, finding in examine():
            found.append((noun, finding))
            if not options["json"]:
                self.stdout.write(report.line(finding))
        findings = [finding for _noun, finding in found]
        if options["json"]:
            self.stdout.write(report.as_json(found))
        else:
            self.stdout.write(report.summary(findings))
        if any(finding.level is Level.PROBLEM for finding in findings):
            sys.exit(1)
