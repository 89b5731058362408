"""Everything that changes organizations and people, one noun a file."""

from accounts.actions.activation import apply_for_activation, decide_activation
from accounts.actions.api_keys import create_key, edit_key, revoke_key, rotate_key
from accounts.actions.application_countries import (
    allow_all_countries,
    remove_country,
    set_countries,
    set_country,
)
from accounts.actions.applications import (
    change_callbacks,
    change_limits,
    create_application,
    disable_application,
    edit_application,
    enable_application,
    renew_callback_secret,
)
from accounts.actions.auth_tokens import make_second_token, make_token, promote_token, token_of
from accounts.actions.contacts import (
    choose_notices,
    create_contact,
    delete_contact,
    edit_contact,
    send_test,
)
from accounts.actions.invitations import (
    accept_invitation,
    accept_invitation_as_new_person,
    invite,
    invite_owner,
    revoke_invitation,
)
from accounts.actions.languages import choose_language
from accounts.actions.members import change_rights, change_role, remove_member
from accounts.actions.organizations import (
    allow_countries,
    create_organization,
    edit_organization,
    remove_organization,
    require_second_step,
    want_approval,
)
from accounts.actions.originators import (
    choose_originator,
    decide_originator,
    request_originator,
    unchoose_originator,
    withdraw_originator,
)
from accounts.actions.people import change_name
from accounts.actions.suspension import end_suspension, suspend

__all__ = [
    "accept_invitation",
    "accept_invitation_as_new_person",
    "allow_all_countries",
    "allow_countries",
    "apply_for_activation",
    "change_callbacks",
    "change_limits",
    "change_name",
    "change_rights",
    "change_role",
    "choose_language",
    "choose_notices",
    "choose_originator",
    "create_application",
    "create_contact",
    "create_key",
    "create_organization",
    "decide_activation",
    "decide_originator",
    "delete_contact",
    "disable_application",
    "edit_application",
    "edit_contact",
    "edit_key",
    "edit_organization",
    "enable_application",
    "end_suspension",
    "invite",
    "invite_owner",
    "make_second_token",
    "make_token",
    "promote_token",
    "remove_country",
    "remove_member",
    "remove_organization",
    "renew_callback_secret",
    "request_originator",
    "require_second_step",
    "revoke_invitation",
    "revoke_key",
    "rotate_key",
    "send_test",
    "set_countries",
    "set_country",
    "suspend",
    "token_of",
    "unchoose_originator",
    "want_approval",
    "withdraw_originator",
]
