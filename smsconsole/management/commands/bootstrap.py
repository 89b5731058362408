"""From nothing to a console that can send: operator, organization, prices, gateway, route."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from sending.models import Gateway
from smsconsole.bootstrapping import asking, gateways, organizations, people, prices
from smsconsole.doctor.checks.database import database
from smsconsole.doctor.registry import Diagnosis, Level

_SMPP_FIELDS = ("host", "port", "system_id", "system_type", "bind_slots", "rate", "originator")
_PATIENCE = 180.0
"""Seconds that a start may take to migrate."""
_LOOK_EVERY = 2.0


class Command(BaseCommand):
    """`manage.py bootstrap`: asks at a terminal, takes options anywhere, and may be repeated."""

    help = (
        "Make the first operator and, if wanted, an organization, prices, a gateway and routes. "
        "Only what is missing is made. Without options it asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Name everything that can be said beforehand; a password only by file or environment."""
        parser.add_argument("--email", help="the operator's address")
        parser.add_argument("--name", default="Operator", help="the name that others see")
        parser.add_argument("--reviewer", help="address of somebody who reviews texts")
        self._organization_arguments(parser.add_argument_group("organization"))
        group = parser.add_argument_group("prices")
        group.add_argument(
            "--price", dest="prices", action="append", metavar="COUNTRY=AMOUNT",
            help="price of a segment, such as HK=0.048; *=0.08 for all other countries",
        )  # fmt: skip
        group.add_argument("--currency", default="USD", help="three letters of ISO 4217")
        self._gateway_arguments(parser.add_argument_group("gateway"))
        parser.add_argument(
            "--no-doctor", action="store_true", help="do not look at everything afterwards"
        )

    def _organization_arguments(self, group: Any) -> None:
        group.add_argument("--organization", metavar="NAME")
        group.add_argument("--country", default="", help="two letters of ISO 3166")
        group.add_argument("--time-zone", default="UTC", help="such as Asia/Hong_Kong")
        group.add_argument("--website", default="")
        group.add_argument("--owner", default="", help="its owner's address (the operator's)")

    def _gateway_arguments(self, group: Any) -> None:
        group.add_argument("--gateway", metavar="NAME", help="small letters, digits and hyphens")
        group.add_argument("--kind", choices=Gateway.Kind.values, default=Gateway.Kind.SMPP.value)
        group.add_argument("--simulator", action="store_true", help="lead it to the simulator")
        for name in _SMPP_FIELDS:
            group.add_argument(f"--{name.replace('_', '-')}", dest=name)
        group.add_argument("--tls", action="store_true", help="connect over TLS")
        group.add_argument(
            "--shared-originator",
            action="store_true",
            help="show the originator for organizations without one of their own",
        )
        group.add_argument(
            "--password-file",
            default="",
            metavar="FILE",
            help=f"its password; or set {asking.ENVIRONMENT}; or be asked",
        )
        group.add_argument(
            "--settings-file",
            default="",
            metavar="FILE",
            help="JSON with fields of the form, for HTTP: docs/adding-a-gateway.md",
        )
        group.add_argument(
            "--route",
            dest="routes",
            action="append",
            metavar="WAY",
            help="what goes there: a prefix (8525), a country (HK), * for all",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is wanted and missing, in its order, and look at all of it."""
        del args
        if not options["email"]:
            if not sys.stdin.isatty():
                raise CommandError("Say --email ADDRESS, or run this at a terminal to be asked.")
            options.update(asking.ask())
        self._wait_for_database()
        for lines in self._made(options):
            for line in lines:
                self.stdout.write(line)
        if not options["no_doctor"]:
            self.stdout.write("")
            self._doctor()

    def _wait_for_database(self) -> None:
        """Give a console that was just started time to migrate; raise CommandError otherwise."""
        limit = time.monotonic() + _PATIENCE
        told = False
        while trouble := _trouble_of_database():
            if trouble.about != "migrations" or time.monotonic() > limit:
                raise CommandError(f"{trouble.sentence}\n{trouble.fix}")
            if not told:
                self.stdout.write("Waiting until the database is prepared ...")
                self.stdout.flush()
                told = True
            time.sleep(_LOOK_EVERY)

    def _made(self, options: dict[str, Any]) -> Iterator[list[str]]:
        """Yield what was done about each thing that is wanted."""
        email = people.address_of(options["email"])
        operator, lines = people.operator(email, options["name"])
        yield [*lines, *people.way_in(operator)]
        if options["reviewer"]:
            yield people.reviewer(people.address_of(options["reviewer"]))
        if options["organization"]:
            yield self._organization(operator, options)
        if options["prices"]:
            yield prices.price_list(options["prices"], options["currency"])
        if options["gateway"]:
            yield self._gateway(options)
        if options["routes"]:
            yield gateways.routes(options["routes"], options["gateway"] or "")

    def _organization(self, operator: User, options: dict[str, Any]) -> list[str]:
        wanted = organizations.WantedOrganization(
            name=options["organization"].strip(),
            country=options["country"].strip().upper(),
            time_zone=options["time_zone"],
            website=options["website"],
            owner=options["owner"],
        )
        return organizations.organization(wanted, operator)

    def _gateway(self, options: dict[str, Any]) -> list[str]:
        given = gateways.simulator() if options["simulator"] else {}
        given |= {name: options[name] for name in _SMPP_FIELDS if options[name]}
        given |= {"tls": options["tls"]} if options["tls"] else {}
        if options["shared_originator"]:
            given["originator_is_shared"] = True
        if options["settings_file"]:
            given |= _settings(options["settings_file"])
        may_ask = not options["simulator"]
        secret = asking.secret_of(options["password_file"], may_ask=may_ask)
        return gateways.gateway(options["gateway"], options["kind"], given, secret)

    def _doctor(self) -> None:
        """Show what is well and what is not; what was made here was made all the same."""
        try:
            call_command("doctor", stdout=self.stdout)
        except SystemExit:
            self.stdout.write("Once that is mended: ./console manage doctor")


def _trouble_of_database() -> Diagnosis | None:
    """Return what the doctor says of the database, if it is not well."""
    return next((one for one in database() if one.level is Level.PROBLEM), None)


def _settings(file: str) -> dict[str, Any]:
    """Return the JSON object in a file."""
    try:
        found = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"--settings-file {file}: {error}") from None
    if not isinstance(found, dict):
        raise CommandError(f"--settings-file {file} must hold one JSON object.")
    return found
