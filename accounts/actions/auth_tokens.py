"""The auth token of an application, by which programs on the SDKs of Twilio are known.

There is one key of its kind for each application: its id, the account SID, never changes. While a
second token waits to take the place of the first, both let a program in, and the first one signs.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.mail import api_key_mails, send_later
from accounts.models import ApiKey, AuditEntry, KeyKind, SmsApplication, User
from accounts.models.api_key import new_auth_token
from accounts.models.organization_queryset import OrganizationQuerySet


def token_of(application: SmsApplication) -> ApiKey | None:
    """Return the auth token of an application, also one that was revoked; None before the first."""
    return _tokens(application).first()


@transaction.atomic
def make_token(*, application: SmsApplication, actor: User) -> str:
    """Make the auth token, or another one after the last was revoked, and tell the owners.

    What is returned is never shown again. Raises Conflict where there is one that works.
    """
    _lock(application)
    token = new_auth_token()
    key = token_of(application)
    if key is not None and key.is_usable:
        raise Conflict(_("%(name)s has an auth token already.") % {"name": application.name})
    if key is None:
        key = ApiKey(
            organization=application.organization,
            application=application,
            kind=KeyKind.TOKEN.value,
            secret_id=application.account_sid,
        )
    key.created_by = actor
    key.secret_key, key.second_key, key.revoked_at = token, "", None
    key.save()
    _record("api_key.created", key, actor)
    send_later(api_key_mails(key, actor=actor))
    return token


@transaction.atomic
def make_second_token(*, application: SmsApplication, actor: User) -> str:
    """Make the token that is to take the place of the first, and tell the owners; return it.

    One that was made before and not promoted ends. Raises Conflict without a first one.
    """
    key = _usable(application)
    key.second_key = token = new_auth_token()
    key.save(update_fields=["second_key"])
    _record("api_key.second_token_made", key, actor)
    send_later(api_key_mails(key, actor=actor))
    return token


@transaction.atomic
def promote_token(*, application: SmsApplication, actor: User) -> None:
    """Let the second token take the place of the first, which ends.

    Raises Conflict where there is no second one.
    """
    key = _usable(application)
    if not key.second_key:
        raise Conflict(_("There is no second token. Make one first."))
    key.secret_key, key.second_key = key.second_key, ""
    key.save(update_fields=["secret_key", "second_key"])
    _record("api_key.token_promoted", key, actor)


def _tokens(application: SmsApplication) -> OrganizationQuerySet:
    own = ApiKey.objects.for_organization(application.organization)
    return own.filter(application=application, kind=KeyKind.TOKEN.value)


def _lock(application: SmsApplication) -> None:
    """Of two people one waits for the other."""
    own = SmsApplication.objects.for_organization(application.organization)
    own.select_for_update(no_key=True).get(pk=application.pk)


def _usable(application: SmsApplication) -> ApiKey:
    _lock(application)
    key = token_of(application)
    if key is None or not key.is_usable:
        raise Conflict(_("%(name)s has no auth token that works.") % {"name": application.name})
    return key


def _record(action: str, key: ApiKey, actor: User, **details: Any) -> None:
    AuditEntry.record(
        action=action,
        subject=f"{key.label}, {key.application.name}",
        organization=key.organization,
        actor=actor,
        secret_id=key.secret_id,
        **details,
    )
