"""The demo's SMPP account, the same on every machine."""

from pathlib import Path

from django.contrib.auth.hashers import make_password

from accounts.models import Organization
from accounts.roles import Role
from sending.management.demo.programs import NETWORKS
from sending.models import SmppAccount

SYSTEM_ID = "harbourline"
# Everybody knows it, so it works from this machine only.
PASSWORD = "demoPw01"  # noqa: S105 - no secret: it stands here.


def load_account(organization: Organization, logins: Path) -> None:
    """Make an account of the only application, and write it down beside the passwords."""
    SmppAccount.objects.create(
        organization=organization,
        application=organization.applications.get(),
        name="SMPP on this machine",
        system_id=SYSTEM_ID,
        password=make_password(PASSWORD),
        allowed_networks=NETWORKS,
        gets_replies=True,
        created_by=organization.members.get(role=Role.OWNER.value).user,
    )
    lines = (
        "\nFor SMPP clients on this machine; `./console` says the port when it starts:\n",
        f"{'system_id':<26} {SYSTEM_ID}",
        f"{'password':<26} {PASSWORD}",
    )
    with logins.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
