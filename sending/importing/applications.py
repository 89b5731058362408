"""Logins of programs become applications with a key, or an SMPP account, of their own."""

from collections.abc import Iterable

from accounts.actions import create_application, create_key, disable_application
from accounts.errors import Refusal
from accounts.models import Organization, SmsApplication, User
from sending.importing.foreign import ForeignUser
from sending.importing.report import NewSecret, Report
from sending.importing.smpp_accounts import bring_account

_NAME_CHARS = 60


def bring_applications(
    users: Iterable[ForeignUser], organization: Organization, actor: User, report: Report
) -> None:
    """Make an application for each login, with a key where programs used it.

    Passwords are not taken over: there they are hashes, and a key here is longer.
    """
    own = SmsApplication.objects.for_organization(organization)
    names = set(own.values_list("name", flat=True))
    for user in users:
        name = user.name[:_NAME_CHARS]
        if not name:
            report.complain(user.place, "this login has no name")
        elif name in names:
            report.there.append(f"application {name}")
        else:
            names.add(name)
            _bring(name, user, organization, actor, report)


def _bring(
    name: str, user: ForeignUser, organization: Organization, actor: User, report: Report
) -> None:
    described = f"Brought over, group {user.group}" if user.group else "Brought over"
    try:
        made = create_application(
            organization=organization,
            actor=actor,
            name=name,
            description=described[:200],
            originator="",
        )
    except Refusal as refusal:
        report.complain(user.place, f"application {name}: {refusal}")
        return
    report.made.append(f"application {name}" + ("" if user.is_enabled else ", disabled"))
    if user.uses_http:
        key = create_key(application=made, actor=actor, name="Brought over", allowed_networks=[])
        report.secrets.append(NewSecret("Key", name, key.secret_id, key.secret_key))
        report.made.append(f"key of application {name}")
    if not user.is_enabled:
        disable_application(application=made, actor=actor)
    if user.sender:
        report.remarks.append(
            f"application {name} was sent from “{user.sender}”: request that originator"
        )
    if user.uses_smpp:
        bring_account(user, made, actor, report)
    elif user.uses_smpp is None:
        report.remarks.append(
            f"application {name}: give it an SMPP account if it bound; the file does not say"
        )
