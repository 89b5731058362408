"""Making, changing and ending the keys that programs sign their requests with."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict
from accounts.mail import api_key_mails, send_later
from accounts.models import ApiKey, AuditEntry, KeyKind, SmsApplication, User
from accounts.models.api_key import MOST_KEYS, new_basic_id, new_secret_id


@transaction.atomic
def create_key(
    *,
    application: SmsApplication,
    actor: User,
    name: str,
    allowed_networks: list[str],
    kind: KeyKind = KeyKind.SIGNING,
) -> ApiKey:
    """Make a key that is no auth token, and tell the owners.

    Only the object that is returned still shows its secret.

    Raises Conflict where the application has the most keys that can work at the same time.
    """
    _check_room(application)
    key = _new_key(application, actor, name, allowed_networks, kind)
    _record("api_key.created", key, actor, networks=allowed_networks)
    send_later(api_key_mails(key, actor=actor))
    return key


@transaction.atomic
def edit_key(*, key: ApiKey, actor: User, name: str, allowed_networks: list[str]) -> None:
    """Give a key another name, or other networks; those of the next request count."""
    before = key.allowed_networks
    if (key.name, before) == (name, allowed_networks):
        return
    key.name, key.allowed_networks = name, allowed_networks
    key.save(update_fields=["name", "allowed_networks"])
    networks = {} if before == allowed_networks else {"networks": allowed_networks}
    _record("api_key.edited", key, actor, **networks)


@transaction.atomic
def rotate_key(*, key: ApiKey, actor: User, hours: int) -> ApiKey:
    """Make a key like `key`, which works for so many hours more; return the new one, as created.

    Raises Conflict when `key` was revoked, or another one takes its place already.
    """
    _check_room(key.application)
    ends_at = shared_time.now() + timedelta(hours=hours)
    rows = ApiKey.objects.for_organization(key.organization).filter(pk=key.pk)
    rows = rows.exclude(kind=KeyKind.TOKEN.value)
    if not rows.filter(revoked_at=None, expires_at=None).update(expires_at=ends_at):
        raise Conflict(_("This key was revoked, or another key takes its place already."))
    key.expires_at = ends_at
    new = _new_key(key.application, actor, key.name, key.allowed_networks, KeyKind(key.kind))
    _record("api_key.rotated", key, actor, replaced_by=new.secret_id, hours=hours)
    send_later(api_key_mails(new, actor=actor, replaced=key))
    return new


@transaction.atomic
def revoke_key(*, key: ApiKey, actor: User) -> AuditEntry:
    """Refuse every request that is signed with the key from now on; return what was written down.

    Raises Conflict when the key has ended already.
    """
    rows = ApiKey.objects.for_organization(key.organization).filter(pk=key.pk)
    if not rows.usable().update(revoked_at=shared_time.now()):
        raise Conflict(_("%(key)s has ended already.") % {"key": key.label})
    return _record("api_key.revoked", key, actor)


def _check_room(application: SmsApplication) -> None:
    """Refuse more keys than can be watched; of two people one waits for the other."""
    own = SmsApplication.objects.for_organization(application.organization)
    own.select_for_update(no_key=True).get(pk=application.pk)
    keys = ApiKey.objects.for_organization(application.organization)
    if keys.filter(application=application).usable().count() >= MOST_KEYS:
        raise Conflict(
            _("%(name)s has %(most)d keys that work. Revoke one first.")
            % {"name": application.name, "most": MOST_KEYS}
        )


def _new_key(
    application: SmsApplication, actor: User, name: str, networks: list[str], kind: KeyKind
) -> ApiKey:
    is_basic = kind is KeyKind.BASIC
    return ApiKey.objects.create(
        kind=kind.value,
        secret_id=new_basic_id() if is_basic else new_secret_id(),
        organization=application.organization,
        application=application,
        name=name,
        allowed_networks=networks,
        created_by=actor,
    )


def _record(action: str, key: ApiKey, actor: User, **details: Any) -> AuditEntry:
    return AuditEntry.record(
        action=action,
        subject=f"{key.label}, {key.application.name}",
        organization=key.organization,
        actor=actor,
        secret_id=key.secret_id,
        **details,
    )
