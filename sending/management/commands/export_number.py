"""`manage.py export_number +447700900123`: all that the installation knows about a number."""

import json
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import AuditEntry
from sending.management.number_argument import msisdn_of
from sending.models.number_digest import number_digest
from sending.retention.number_export import export


class Command(BaseCommand):
    """Prints JSON; the audit trail keeps that it was done, without the number."""

    help = "Print all that is known about a number, in all organizations, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the number."""
        parser.add_argument("number", help="with its country code, such as +447700900123")

    def handle(self, *_args: Any, number: str, **_options: Any) -> None:
        """Print what is known."""
        msisdn = msisdn_of(number)
        known = export(msisdn, None)
        AuditEntry.record(
            action="number.exported",
            subject=number_digest(msisdn),
            organization=None,
            messages=len(known["messages"]),
        )
        self.stdout.write(json.dumps(known, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
