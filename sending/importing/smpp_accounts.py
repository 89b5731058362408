"""Logins that bound over SMPP get an account here, under the same name and with a new password."""

import re

from accounts.models import AuditEntry, SmsApplication, User
from sending.importing.foreign import ForeignUser
from sending.importing.report import NewSecret, Report
from sending.models import SmppAccount

_SYSTEM_ID = re.compile(r"[A-Za-z0-9_-]{1,15}")
_MOST_BINDS = 20
_FASTEST = 10_000


def bring_account(
    user: ForeignUser, application: SmsApplication, actor: User, report: Report
) -> None:
    """Make the account of a login, so that its client changes nothing but address and password."""
    if not _SYSTEM_ID.fullmatch(user.name):
        report.complain(user.place, f"“{user.name[:40]}” is no system_id: make an account by hand")
        return
    # Any organization: clients bind by it alone.
    if SmppAccount.objects.filter(system_id=user.name).exists():
        report.complain(user.place, f"the system_id {user.name} is taken: make an account by hand")
        return
    account = _account(user, application, actor)
    password = account.renew_password()
    account.save(force_insert=True)
    AuditEntry.record(
        action="smppaccount.created",
        subject=account,
        organization=application.organization,
        actor=actor,
        networks=[],
    )
    report.secrets.append(NewSecret("SMPP account", application.name, user.name, password))
    report.made.append(f"SMPP account {user.name} of application {application.name}")
    report.remarks.append(
        f"SMPP account {user.name}: enter the addresses that it binds from; without any it binds"
        " over TLS only"
    )


def _account(user: ForeignUser, application: SmsApplication, actor: User) -> SmppAccount:
    account = SmppAccount(
        organization=application.organization,
        application=application,
        system_id=user.name,
        name="Brought over",
        is_enabled=user.is_enabled,
        created_by=actor,
    )
    if user.most_binds is not None:
        account.most_binds = min(max(user.most_binds, 1), _MOST_BINDS)
        account.most_transmitters = min(account.most_transmitters, account.most_binds)
    if user.rate is not None:
        account.rate = min(max(int(user.rate), 1), _FASTEST)
    return account
