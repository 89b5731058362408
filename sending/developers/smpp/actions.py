"""What people do about SMPP accounts: change, give a new password, switch off and on."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts import shared_time
from accounts.mail import send_later
from accounts.models import User
from sending.models import SmppAccount
from sending.smpp_accounts.mail import account_mails
from sending.smpp_accounts.making import record


def edit_account(*, account: SmppAccount, actor: User, **fields: Any) -> None:
    """Store what was changed; the server reads it within seconds, binds that are open included."""
    changed = [name for name, value in fields.items() if getattr(account, name) != value]
    if not changed:
        return
    with transaction.atomic():
        for name in changed:
            setattr(account, name, fields[name])
        account.save(update_fields=changed)
        record("smppaccount.changed", account, actor, fields=changed)


def renew_password(*, account: SmppAccount, actor: User, hours: int) -> str:
    """Give a new password and return it; the old one works for so many hours more."""
    with transaction.atomic():
        own = SmppAccount.objects.for_organization(account.organization).select_for_update()
        row = own.get(pk=account.pk)
        row.earlier_password = row.password if hours else ""
        row.earlier_until = shared_time.now() + timedelta(hours=hours) if hours else None
        password: str = row.renew_password()
        row.save(update_fields=["password", "earlier_password", "earlier_until"])
        record("smppaccount.password_renewed", row, actor, hours=hours)
        send_later(account_mails(row, actor=actor, renewed=True))
    account.earlier_until = row.earlier_until
    return password


def switch(*, account: SmppAccount, actor: User, on: bool) -> None:
    """Let it bind, or refuse its binds and end those that are open."""
    with transaction.atomic():
        own = SmppAccount.objects.for_organization(account.organization)
        if own.filter(pk=account.pk, is_enabled=not on).update(is_enabled=on):
            record("smppaccount.enabled" if on else "smppaccount.disabled", account, actor)
