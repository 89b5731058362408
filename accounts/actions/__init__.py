"""Everything that changes organizations and people, one noun a file."""

from accounts.actions.activation import apply_for_activation, decide_activation
from accounts.actions.contacts import create_contact, delete_contact, edit_contact
from accounts.actions.invitations import (
    accept_invitation,
    accept_invitation_as_new_person,
    invite,
    revoke_invitation,
)
from accounts.actions.members import change_role, remove_member
from accounts.actions.organizations import (
    allow_countries,
    create_organization,
    edit_organization,
)
from accounts.actions.suspension import end_suspension, suspend

__all__ = [
    "accept_invitation",
    "accept_invitation_as_new_person",
    "allow_countries",
    "apply_for_activation",
    "change_role",
    "create_contact",
    "create_organization",
    "decide_activation",
    "delete_contact",
    "edit_contact",
    "edit_organization",
    "end_suspension",
    "invite",
    "remove_member",
    "revoke_invitation",
    "suspend",
]
