"""One organization as operators see it: who it is, what it may do, what it does."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import ManyToOneRel

from accounts.countries import country_name
from accounts.models import (
    AuditEntry,
    Invitation,
    Member,
    Notice,
    Organization,
    Originator,
    ServiceActivation,
    SmsApplication,
)
from accounts.queries import current_activation
from accounts.roles import Role
from sending.lifecycle import TaskState
from sending.models import Counter, FreeTextRight, GuardSettings, PriceVersion, SendTask

_SHOWN = 50
# Every organization gets a guard when it is made.
_HARMLESS = (AuditEntry, GuardSettings, Invitation, Notice)
_OPEN = (TaskState.SENDING, TaskState.PAUSED, TaskState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class OrganizationView:
    """All that its page shows but for the figures of months."""

    organization: Organization
    activation: ServiceActivation | None
    owners: Sequence[Member]
    members: int
    applications: Sequence[SmsApplication]
    originators: Sequence[Originator]
    countries: Sequence[str]
    prices: PriceVersion | None
    free_text: FreeTextRight | None
    open_tasks: int
    is_empty: bool


def organization_view(organization: Organization) -> OrganizationView:
    """Return the page's rows; each list has a bound."""
    members = Member.objects.for_organization(organization).select_related("user")
    originators = Originator.objects.for_organization(organization).approved()
    applications = SmsApplication.objects.for_organization(organization).order_by("name")
    tasks = SendTask.objects.for_organization(organization)
    return OrganizationView(
        organization=organization,
        activation=current_activation(organization),
        owners=list(members.filter(role=Role.OWNER.value)[:_SHOWN]),
        members=members.count(),
        applications=list(applications[:_SHOWN]),
        originators=list(originators.order_by("address", "country")[:_SHOWN]),
        countries=sorted(country_name(code) or code for code in organization.allowed_countries),
        prices=PriceVersion.current(organization.pk),
        free_text=FreeTextRight.objects.for_organization(organization).first(),
        open_tasks=tasks.filter(state__in=[state.value for state in _OPEN]).count(),
        is_empty=is_empty(organization),
    )


def is_empty(organization: Organization) -> bool:
    """Tell whether nobody belongs to it and it has never prepared or sent anything.

    Asks whatever refers to it but for its trail, invitations and what people were told of them.
    """
    for relation in Organization._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.related_model in _HARMLESS:
            continue
        rows = relation.related_model._base_manager
        if rows.filter(**{relation.field.name: organization}).exists():
            return False
    return not Counter.objects.for_organization(organization).exists()
