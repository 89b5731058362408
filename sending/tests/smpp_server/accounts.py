"""Accounts as a page makes them."""

from typing import Any

from accounts.models import SmsApplication
from sending.models import SmppAccount

SYSTEM_ID = "acme"
PASSWORD = "Pw3dEight"[:8]


def make_account(
    application: SmsApplication, system_id: str = SYSTEM_ID, **fields: Any
) -> SmppAccount:
    """An account whose password is PASSWORD, which binds from this machine."""
    from django.contrib.auth.hashers import make_password

    given = {
        "allowed_networks": ["127.0.0.0/8"],
        "rate": 1_000,
        "window": 50,
        "most_transmitters": 4,
        "password": make_password(PASSWORD),
    }
    return SmppAccount.objects.create(
        organization=application.organization,
        application=application,
        system_id=system_id,
        **given | fields,
    )
