"""Logins that bound over SMPP get an account here, under the same name and with a new password."""

import re

from accounts.models import SmsApplication, User
from sending.importing.foreign import ForeignUser
from sending.importing.report import NewSecret, Report
from sending.models import SmppAccount
from sending.smpp_accounts.making import SystemIdTaken, create_account

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
    try:
        _account, password = create_account(
            application=application,
            actor=actor,
            system_id=user.name,
            name="Brought over",
            is_enabled=user.is_enabled,
            **_limits(user),
        )
    except SystemIdTaken:
        report.complain(user.place, f"the system_id {user.name} is taken: make an account by hand")
        return
    report.secrets.append(NewSecret("SMPP account", application.name, user.name, password))
    report.made.append(f"SMPP account {user.name} of application {application.name}")
    report.remarks.append(
        f"SMPP account {user.name}: enter the addresses that it binds from; without any it binds"
        " over TLS only"
    )


def _limits(user: ForeignUser) -> dict[str, int]:
    """Return the limits that the login had, within those that an account can have."""
    limits = {}
    if user.most_binds is not None:
        most = min(max(user.most_binds, 1), _MOST_BINDS)
        usual: int = SmppAccount._meta.get_field("most_transmitters").default
        limits = {"most_binds": most, "most_transmitters": min(usual, most)}
    if user.rate is not None:
        limits["rate"] = min(max(int(user.rate), 1), _FASTEST)
    return limits
