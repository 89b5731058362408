"""What a Verify service may be called and set to, and how it is made and changed."""

from typing import Any

from django.db import transaction

from accounts import shared_time
from accounts.models import AuditEntry, SmsApplication, User
from sending.models import VerifyService
from sending.models.verify_service import FRIENDLY_NAME_CHARS, LONGEST_CODE, SHORTEST_CODE
from sending.verify.refusals import VerifyCode, VerifyRefused
from sending.verify.texts import fits
from templates_app.lint.links import first_link
from templates_app.models import TextTemplate

MOST_SERVICES = 100
"""Of one application."""
_MOST_DIGITS = 4
SETTINGS = (
    *("friendly_name", "code_length", "text_template", "signature", "custom_code_enabled"),
    *("lookup_enabled", "skip_sms_to_landlines", "do_not_share_warning_enabled", "psd2_enabled"),
)


class TooManyServices(Exception):
    """An application has as many services as it may have."""


def friendly_name(text: str) -> str:
    """Return a name without blanks around it; raise VerifyRefused for one that may not be.

    It may go into texts, so it must not carry a number to call or a link.
    """
    name = text.strip()
    digits = sum(character.isdigit() for character in name)
    if not 0 < len(name) <= FRIENDLY_NAME_CHARS or digits > _MOST_DIGITS:
        raise VerifyRefused(VerifyCode.FRIENDLY_NAME)
    if not name.isprintable() or first_link(name):
        raise VerifyRefused(VerifyCode.FRIENDLY_NAME)
    return name


def text_template_of(application: SmsApplication, pk: int) -> TextTemplate:
    """Return a text template that codes can go out with; raise VerifyRefused."""
    own = TextTemplate.objects.for_organization(application.organization)
    found = own.filter(pk=pk, deleted_at=None).select_related("approved").first()
    if found is None or not fits(found):
        raise VerifyRefused(VerifyCode.TEXT_UNKNOWN)
    return found


def create(
    *, application: SmsApplication, actor: User | None = None, **wanted: Any
) -> VerifyService:
    """Make a service; raise VerifyRefused or TooManyServices. `wanted` are of SETTINGS."""
    service = VerifyService(organization=application.organization, application=application)
    _set(service, {"friendly_name": "", **wanted})
    with transaction.atomic():
        SmsApplication.objects.select_for_update().get(pk=application.pk)
        kept = VerifyService.objects.kept().filter(application=application)
        if kept.count() >= MOST_SERVICES:
            raise TooManyServices
        service.save()
        record("verifyservice.created", service, actor)
    return service


def change(service: VerifyService, *, actor: User | None = None, **wanted: Any) -> VerifyService:
    """Change some of SETTINGS; raise VerifyRefused."""
    before = {name: getattr(service, name) for name in wanted}
    _set(service, wanted)
    changed = sorted(name for name in wanted if getattr(service, name) != before[name])
    if not changed:
        return service
    service.updated_at = shared_time.now()
    with transaction.atomic():
        service.save(update_fields=[*changed, "updated_at"])
        record("verifyservice.changed", service, actor, fields=changed)
    return service


def _set(service: VerifyService, wanted: dict[str, Any]) -> None:
    for name, value in wanted.items():
        if name not in SETTINGS:
            raise ValueError(f"a Verify service has no setting {name}")
        setattr(service, name, friendly_name(value) if name == "friendly_name" else value)
    if not SHORTEST_CODE <= service.code_length <= LONGEST_CODE:
        raise VerifyRefused(VerifyCode.CODE_LENGTH)


def record(action: str, service: VerifyService, actor: User | None, **said: Any) -> None:
    """Write what was done to a service into the audit trail."""
    AuditEntry.record(
        action=action,
        subject=service,
        organization=service.organization,
        actor=actor,
        sid=service.sid,
        **said,
    )
