"""What operators do to an organization beside suspending it."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import remove_organization
from accounts.errors import Conflict
from accounts.models import Organization, User
from sending.operations.queries.organizations import is_empty


@transaction.atomic
def remove(*, actor: User, organization: Organization) -> None:
    """Take an empty organization out of the lists; raise Conflict for one that is not."""
    # Nobody joins or sends while it is looked at.
    locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if not is_empty(locked):
        raise Conflict(
            _(
                "%(name)s has members, texts or messages, so you cannot remove it. Suspend it "
                "instead."
            )
            % {"name": organization}
        )
    remove_organization(organization=locked, actor=actor)
