"""What happens to a person's login goes into the audit trail, and so into the security log."""

import ipaddress
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts import security_log
from accounts.models import AuditEntry, User

PREFIXES = {4: 24, 6: 48}
"""Bits of an address that name a network rather than a household, by the version of IP."""


def record_account_event(verb: str, person: User | None, actor: Any = None, **details: Any) -> None:
    """Write one event of the login of `person`, of none when nobody has it.

    Without an actor nobody knows who it was. The entry stays for ever and keeps
    only the network; the line of the log has the address.
    """
    AuditEntry.record(
        action=f"account.{verb}",
        subject="",
        organization=None,
        actor=actor,
        person=person,
        network=network_of(security_log.client_address()),
        **details,
    )


def network_of(address: str) -> str:
    """Return the network an address belongs to, such as 203.0.113.0/24; empty for none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, PREFIXES[parsed.version]), strict=False))


def connect() -> None:
    """Listen to Django and allauth; called once when the app is ready."""
    receivers: list[tuple[Any, Any]] = [
        (account.authentication_step_completed, _on_step),
        (account.user_logged_in, _on_signed_in),
        (user_login_failed, _on_sign_in_failed),
        (user_logged_out, _on_signed_out),
        (account.user_signed_up, _on("created")),
        (account.password_changed, _on("password_changed")),
        (account.password_set, _on("password_set")),
        (account.password_reset, _on("password_reset")),
        (account.email_added, _on("email_change_requested")),
        (account.email_changed, _on("email_changed")),
        (mfa.authenticator_added, _on("second_step_added")),
        (mfa.authenticator_removed, _on("second_step_removed")),
        (mfa.authenticator_reset, _on("second_step_renewed")),
        (mfa.authentication_failed, _on_second_step_failed),
    ]
    for signal, receiver in receivers:
        signal.connect(receiver, weak=False)


def _on(verb: str) -> Any:
    """Return a receiver for something that people do to their own login."""

    def receiver(
        *, user: User, authenticator: Any = None, email_address: Any = None, **_: Any
    ) -> None:
        # A mailed link may be opened by somebody who is not signed in.
        person = email_address.user if email_address else user
        details = {"type": str(authenticator.type)} if authenticator else {}
        record_account_event(verb, person, user if user.pk else None, **details)

    return receiver


def _on_step(*, user: User, method: str, **facts: Any) -> None:
    security_log.write(
        "account.authenticated",
        person=user.pk,
        method=method,
        type=facts.get("type"),
        again=bool(facts.get("reauthenticated")),
    )


def _on_signed_in(*, request: HttpRequest, user: User, **_: Any) -> None:
    steps = [record["method"] for record in get_authentication_records(request, user)]
    record_account_event("signed_in", user, user, steps=steps)


def _on_sign_in_failed(*, credentials: dict[str, Any], **_: Any) -> None:
    """Write whose password was wrong; what was typed instead of an address may be a password.

    It takes as long where nobody has such an address: the time must not tell who has an account.
    """
    person = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
    record_account_event("sign_in_failed", person)


def _on_signed_out(*, user: User | None, **_: Any) -> None:
    if user:
        record_account_event("signed_out", user, user)


def _on_second_step_failed(*, user: User, authenticator: Any, **_: Any) -> None:
    record_account_event("second_step_failed", user, type=str(authenticator.type))
