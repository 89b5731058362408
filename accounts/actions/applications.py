"""Changing the sending programs of an organization: names, limits, where callbacks go."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.originators import approved_for
from accounts.errors import Conflict
from accounts.models import AuditEntry, Contact, Organization, SmsApplication, User
from accounts.models.application import MOST_APPLICATIONS, new_callback_secret


@transaction.atomic
def create_application(
    *, organization: Organization, actor: User, name: str, description: str, originator: str
) -> SmsApplication:
    """Add an application with limits of its own yet to be set.

    Raises Conflict beyond the most, and NotOneOfYours for an originator that is not approved.
    """
    locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if originator:
        approved_for(organization, originator, lock=True)
    if SmsApplication.objects.for_organization(locked).count() >= MOST_APPLICATIONS:
        raise Conflict(
            _("%(organization)s has %(most)d applications, and there can be no more.")
            % {"organization": organization.name, "most": MOST_APPLICATIONS}
        )
    application = SmsApplication.objects.create(
        organization=organization, name=name, description=description, originator=originator
    )
    _record("smsapplication.created", application, actor)
    return application


@transaction.atomic
def edit_application(*, application: SmsApplication, actor: User, **wanted: Any) -> None:
    """Change name, description and originator; the trail keeps what was there before.

    Raises NotOneOfYours for an originator that is not approved.
    """
    if wanted.get("originator"):
        approved_for(application.organization, wanted["originator"], lock=True)
    if changed := _changed(application, wanted):
        _record("smsapplication.edited", application, actor, **changed)


@transaction.atomic
def enable_application(*, application: SmsApplication, actor: User) -> None:
    """Let it send again; nothing happens where it may already."""
    if _changed(application, {"is_enabled": True}):
        _record("smsapplication.enabled", application, actor)


@transaction.atomic
def disable_application(*, application: SmsApplication, actor: User) -> None:
    """Refuse whatever it is asked to send from now on; what was accepted before is still sent."""
    if _changed(application, {"is_enabled": False}):
        _record("smsapplication.disabled", application, actor)


@transaction.atomic
def change_limits(
    *, application: SmsApplication, actor: User, alarm_contacts: Iterable[Contact], **wanted: Any
) -> None:
    """Set the limits of a day and of a number, and who is told; `wanted` is by field, None lifts.

    The caller has checked them with `accounts.application_limits.limit_faults`.
    """
    changed = _changed(application, wanted)
    before = set(application.alarm_contacts.values_list("pk", flat=True))
    after = {contact.pk for contact in alarm_contacts}
    if before != after:
        application.alarm_contacts.set(after)
        changed = changed or {"before": {}, "after": {}}
        changed["before"]["alarm_contacts"] = sorted(before)
        changed["after"]["alarm_contacts"] = sorted(after)
    if changed:
        _record("smsapplication.limits_changed", application, actor, **changed)


@transaction.atomic
def change_callbacks(*, application: SmsApplication, actor: User, **wanted: str) -> str:
    """Set where callbacks go; empty means nowhere.

    With the first URL a secret is made that callbacks are signed with. It is returned, as
    `renew_callback_secret` does; otherwise nothing is. The trail keeps which URLs were
    changed, not what they say: a path may be a password.
    """
    changed = _changed(application, wanted)
    if not changed:
        return ""
    secret = ""
    urls = (wanted.get("callback_url"), wanted.get("reply_callback_url"))
    if not application.has_callback_secret and any(urls):
        secret = _new_secret(application)
    _record("smsapplication.callbacks_changed", application, actor, fields=[*changed["after"]])
    return secret


@transaction.atomic
def renew_callback_secret(*, application: SmsApplication, actor: User) -> str:
    """Make another secret for signing callbacks and return it: it is never shown again."""
    secret = _new_secret(application)
    _record("smsapplication.callback_secret_renewed", application, actor)
    return secret


def _new_secret(application: SmsApplication) -> str:
    application.callback_secret = secret = new_callback_secret()
    application.save(update_fields=["callback_secret"])
    return secret


def _changed(application: SmsApplication, wanted: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Save what differs; return it before and after, or nothing."""
    before = {
        field: getattr(application, field)
        for field, value in wanted.items()
        if getattr(application, field) != value
    }
    if not before:
        return {}
    for field in before:
        setattr(application, field, wanted[field])
    application.save(update_fields=list(before))
    return {"before": before, "after": {field: wanted[field] for field in before}}


def _record(action: str, application: SmsApplication, actor: User, **details: Any) -> None:
    AuditEntry.record(
        action=action,
        subject=application,
        organization=application.organization,
        actor=actor,
        application_id=application.pk,
        **details,
    )
