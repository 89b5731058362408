"""The demo's API key, the same on every machine, so that `examples/send.py` needs no setting up."""

from pathlib import Path

from accounts.models import ApiKey, Organization
from accounts.roles import Role
from sending.management.demo.content import OTP
from templates_app.models import TextTemplate

SDK_APP_ID = "2400000001"
SECRET_ID = "AKIDdemoKeyOnlyForThisMachine0000000"  # noqa: S105 - no secret: it stands here.
SECRET_KEY = "demoSecretOnlyForThisMachine0000"  # noqa: S105 - the same.
# Everybody knows it, so it works from this machine only, wherever the demo listens.
NETWORKS = ["127.0.0.0/8", "::1/128"]


def load_key(organization: Organization, logins: Path) -> None:
    """Make the key, and write it down beside the passwords."""
    application = organization.applications.get()
    ApiKey.objects.create(
        organization=organization,
        application=application,
        name="examples/send.py",
        secret_id=SECRET_ID,
        secret_key=SECRET_KEY,
        allowed_networks=NETWORKS,
        created_by=organization.members.get(role=Role.OWNER.value).user,
    )
    template = TextTemplate.objects.for_organization(organization).get(name=OTP.name)
    lines = (
        "\nFor programs on this machine, as in examples/send.py:\n",
        f"{'SdkAppId':<26} {application.sdk_app_id}",
        f"{'SecretId':<26} {SECRET_ID}",
        f"{'SecretKey':<26} {SECRET_KEY}",
        f"{'TemplateId':<26} {template.pk} ({template.name})",
    )
    with logins.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
