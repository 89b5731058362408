"""What people do about SMPP accounts: make, change, give a new password, switch off and on."""

import secrets
import string
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import shared_time
from accounts.errors import Conflict
from accounts.mail import send_later
from accounts.models import AuditEntry, SmsApplication, User
from sending.developers.smpp.mail import account_mails
from sending.models import SmppAccount
from sending.models.smpp_account import MOST_SMPP_ACCOUNTS

_RANDOM_CHARS = 10
_LETTERS = string.ascii_lowercase + string.digits


class SystemIdTaken(Conflict):
    """Somebody binds by this system_id already."""

    field = "system_id"


def create_account(
    *, application: SmsApplication, actor: User, system_id: str = "", **fields: Any
) -> tuple[SmppAccount, str]:
    """Make an account and tell owners; return it with its password, which nothing shows again.

    Without a `system_id` it gets one. Raises SystemIdTaken, and Conflict where the application has
    the most accounts.
    """
    with transaction.atomic():
        _check_room(application)
        account = SmppAccount(
            organization=application.organization,
            application=application,
            system_id=system_id or _new_system_id(),
            created_by=actor,
            **fields,
        )
        password = account.renew_password()
        _insert(account)
        _record("smppaccount.created", account, actor, networks=account.allowed_networks)
        send_later(account_mails(account, actor=actor))
    return account, password


def edit_account(*, account: SmppAccount, actor: User, **fields: Any) -> None:
    """Store what was changed; the server reads it within seconds, binds that are open included."""
    changed = [name for name, value in fields.items() if getattr(account, name) != value]
    if not changed:
        return
    with transaction.atomic():
        for name in changed:
            setattr(account, name, fields[name])
        account.save(update_fields=changed)
        _record("smppaccount.changed", account, actor, fields=changed)


def renew_password(*, account: SmppAccount, actor: User, hours: int) -> str:
    """Give a new password and return it; the old one works for so many hours more."""
    with transaction.atomic():
        own = SmppAccount.objects.for_organization(account.organization).select_for_update()
        row = own.get(pk=account.pk)
        row.earlier_password = row.password if hours else ""
        row.earlier_until = shared_time.now() + timedelta(hours=hours) if hours else None
        password: str = row.renew_password()
        row.save(update_fields=["password", "earlier_password", "earlier_until"])
        _record("smppaccount.password_renewed", row, actor, hours=hours)
        send_later(account_mails(row, actor=actor, renewed=True))
    account.earlier_until = row.earlier_until
    return password


def switch(*, account: SmppAccount, actor: User, on: bool) -> None:
    """Let it bind, or refuse its binds and end those that are open."""
    with transaction.atomic():
        own = SmppAccount.objects.for_organization(account.organization)
        if own.filter(pk=account.pk, is_enabled=not on).update(is_enabled=on):
            _record("smppaccount.enabled" if on else "smppaccount.disabled", account, actor)


def _check_room(application: SmsApplication) -> None:
    """Refuse more accounts than can be watched; of two people one waits for the other."""
    own = SmsApplication.objects.for_organization(application.organization)
    own.select_for_update(no_key=True).get(pk=application.pk)
    accounts = SmppAccount.objects.for_organization(application.organization)
    if accounts.filter(application=application).count() >= MOST_SMPP_ACCOUNTS:
        raise Conflict(
            _("%(name)s has %(most)d SMPP accounts. Use one of them, or add an application.")
            % {"name": application.name, "most": MOST_SMPP_ACCOUNTS}
        )


def _insert(account: SmppAccount) -> None:
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise SystemIdTaken(_("This system_id is taken. Choose another one.")) from None


def _new_system_id() -> str:
    return "sms-" + "".join(secrets.choice(_LETTERS) for _nth in range(_RANDOM_CHARS))


def _record(action: str, account: SmppAccount, actor: User, **details: Any) -> None:
    AuditEntry.record(
        action=action,
        subject=f"{account.label}, {account.application.name}",
        organization=account.organization,
        actor=actor,
        system_id=account.system_id,
        **details,
    )
