"""The first organization, its owner, and the application it sends with."""

from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from accounts.actions import apply_for_activation, create_organization, decide_activation
from accounts.errors import Refusal
from accounts.models import Organization, User
from accounts.models.organization import validate_time_zone
from accounts.names import validate_name
from smsconsole.bootstrapping import people


@dataclass(frozen=True, slots=True)
class WantedOrganization:
    """What the organization says about itself; `country` by ISO 3166."""

    name: str
    country: str
    time_zone: str
    website: str
    owner: str


@transaction.atomic
def organization(wanted: WantedOrganization, operator: User) -> list[str]:
    """Make an organization with its owner, active and with an application to send with."""
    _check(wanted)
    own = Organization.objects.filter(is_system=False, name=wanted.name).first()
    if own is not None:
        return [f"The organization “{own}” is there already."]
    email = people.address_of(wanted.owner or operator.email)
    owner, is_new = User.objects.get_or_create(email=email, defaults={"name": "Owner"})
    if is_new:
        owner.set_unusable_password()
        owner.save()
    made = create_organization(
        founder=owner,
        name=wanted.name,
        country=wanted.country,
        website=wanted.website,
        time_zone=wanted.time_zone,
    )
    lines = [f"Made the organization “{made}”, whose owner is {email}."]
    return [
        *lines,
        *(people.way_in(owner) if owner != operator else []),
        *_activate(made, operator),
    ]


def _activate(made: Organization, operator: User) -> list[str]:
    """Apply for the service and approve it: whoever may run this command may decide that."""
    activation = apply_for_activation(
        organization=made,
        applicant=made.members.get().user,
        legal_name=made.name,
        country=made.country,
        website=made.website,
        purpose="Made by bootstrap.",
        monthly_messages=1_000,
    )
    try:
        if not activation.is_approved:
            decide_activation(activation=activation, reviewer=operator, approve=True)
    except Refusal as refusal:
        return [f"  Its service activation waits at the review desk: {refusal}"]
    return ["  It is active, and has an application to send with."]


def _check(wanted: WantedOrganization) -> None:
    if wanted.country not in phonenumbers.SUPPORTED_REGIONS:
        raise CommandError(
            f"--country {wanted.country or '(nothing)'}: use two letters of ISO 3166, such as HK."
        )
    try:
        validate_name(wanted.name)
        validate_time_zone(wanted.time_zone)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
