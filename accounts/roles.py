"""Roles of a member, and what each may do. Pure: imports no framework."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a member is in one organization."""

    OWNER = "OWNER"
    ADMIN = "ADMIN"
    SENDER = "SENDER"
    APPROVER = "APPROVER"
    VIEWER = "VIEWER"


class Permission(StrEnum):
    """One thing that a page may ask for."""

    VIEW = "view"
    NUMBERS = "numbers"  # see whole mobile numbers, and search by them
    SEND = "send"
    APPROVE = "approve"  # decide on tasks that others want to send
    CONTENT = "content"  # write and submit signatures and text templates
    CUSTOMERS = "customers"
    STOP = "stop"  # pause, cancel, suppress numbers: always possible, also while suspended
    MANAGE = "manage"  # activation, members, contacts, settings
    OWN = "own"  # owners and what only they decide


_VIEWER = frozenset({Permission.VIEW})
# What sends, and what is only needed to send: closed while the organization is suspended.
FOR_SENDING = frozenset({Permission.SEND, Permission.CONTENT, Permission.CUSTOMERS})
_SENDER = _VIEWER | FOR_SENDING | {Permission.NUMBERS, Permission.STOP}
_ADMIN = _SENDER | {Permission.APPROVE, Permission.MANAGE}
_OWNER = _ADMIN | {Permission.OWN}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.APPROVER: _VIEWER | {Permission.APPROVE},
    Role.SENDER: _SENDER,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _OWNER,
}


def may(role: Role | str, permission: Permission | str) -> bool:
    """Tell whether a member with `role` may do what `permission` names."""
    return Permission(permission) in PERMISSIONS[Role(role)]
