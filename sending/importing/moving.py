"""Everything that was read comes in, or only its plan: what a command does."""

from dataclasses import dataclass, field

from django.db import transaction

from accounts.models import Organization, User
from sending.importing.applications import bring_applications
from sending.importing.customers import People
from sending.importing.foreign import Findings
from sending.importing.gateways import bring_gateways
from sending.importing.report import Report
from sending.importing.routes import bring_routes


@dataclass(frozen=True, slots=True)
class Destination:
    """Whose the rows become, and who brings them; `only` names logins, all where it is empty."""

    organization: Organization
    actor: User
    source_name: str
    only: frozenset[str] = field(default_factory=frozenset)


def bring(found: Findings, into: Destination, *, applies: bool) -> Report:
    """Make what is missing; a second time nothing is.

    Without `applies` gateways, routes and applications are made and taken back, so that the plan
    is what will happen. People are only counted, a number that stands there twice up to twice.
    """
    report = Report()
    with transaction.atomic():
        bring_gateways(found.connectors, report)
        bring_routes(found.routes, report)
        users = (user for user in found.users if _is_wanted(user.name, into))
        bring_applications(users, into.organization, into.actor, report)
        transaction.set_rollback(not applies)
    people = People(into.organization, into.actor, into.source_name, report, applies)
    people.bring(
        (contact for contact in found.contacts if _is_wanted(contact.owner, into)),
        (stop for stop in found.stops if _is_wanted(stop.owner, into)),
    )
    for complaint in found.complaints:
        report.complain(complaint.place, complaint.what)
    return report


def _is_wanted(owner: str, into: Destination) -> bool:
    return not into.only or owner in into.only
