"""Makes an SMPP account in one way, for people and for imports, and says so in the audit trail."""

import secrets
import string
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.mail import send_later
from accounts.models import AuditEntry, SmsApplication, User
from sending.models import SmppAccount
from sending.models.smpp_account import MOST_SMPP_ACCOUNTS
from sending.smpp_accounts.mail import account_mails

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
        record("smppaccount.created", account, actor, networks=account.allowed_networks)
        send_later(account_mails(account, actor=actor))
    return account, password


def record(action: str, account: SmppAccount, actor: User, **details: Any) -> None:
    """Write what was done with an account into the audit trail."""
    AuditEntry.record(
        action=action,
        subject=f"{account.label}, {account.application.name}",
        organization=account.organization,
        actor=actor,
        system_id=account.system_id,
        **details,
    )


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
