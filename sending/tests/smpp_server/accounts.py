"""Accounts whose limits no test meets by accident."""

from typing import Any

from accounts.models import SmsApplication
from sending.models import SmppAccount
from sending.tests.smpp_factories import SMPP_PASSWORD, make_smpp_account

SYSTEM_ID = "acme"
PASSWORD = SMPP_PASSWORD


def make_account(
    application: SmsApplication, system_id: str = SYSTEM_ID, **fields: Any
) -> SmppAccount:
    """An account whose password is PASSWORD, which binds from this machine."""
    given = {"rate": 1_000, "window": 50, "most_transmitters": 4}
    return make_smpp_account(application, system_id=system_id, **given | fields)
