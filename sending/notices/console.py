"""The console's own organization: its application, which pays for notices, and its templates.

It is made when it is first needed, and marked as the system's: it has no members, is in no list of
organizations, and cannot be suspended.
"""

from django.db import IntegrityError, transaction

from accounts import shared_time
from accounts.models import (
    ActivationState,
    Organization,
    ServiceActivation,
    SmsApplication,
    User,
)
from accounts.notice_kinds import NoticeKind
from accounts.queries import default_application
from sending.notices import texts
from templates_app.models import TextTemplate, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.wording import parse

NAME = "SMS Console"
ADDRESS = "console@sms-console.invalid"
"""Of the person without a login in whose name the console itself acts."""
SEGMENTS_A_DAY = 10_000
# Of notices to one number, whatever organizations name it as that of a contact.
_AN_HOUR, _A_DAY = 30, 100


def console_application() -> SmsApplication:
    """Return the application that sends notices; make what is missing of it."""
    organization = Organization.objects.filter(is_system=True).first() or _make()
    application = default_application(organization)
    if application is None:
        raise LookupError("the console's own organization has lost its application")
    return application


def console_template(application: SmsApplication, kind: NoticeKind, language: str) -> TextTemplate:
    """Return the system template of a kind and language, approved as this release words it."""
    organization = application.organization
    name = f"{kind.value} {texts.language_of(language)}"
    body = texts.body_of(kind, language)
    own = TextTemplate.objects.for_organization(organization).filter(name=name, deleted_at=None)
    template: TextTemplate | None = own.select_related("approved").first()
    if template is None or template.approved is None or template.approved.body != body:
        template = _word(organization, name, body)
    return template


def _make() -> Organization:
    try:
        with transaction.atomic():
            return _made()
    except IntegrityError:
        # Another worker was quicker.
        return Organization.objects.get(is_system=True)


def _made() -> Organization:
    now = shared_time.now()
    organization: Organization = Organization.objects.create(
        name=NAME, is_system=True, daily_segment_limit=SEGMENTS_A_DAY
    )
    ServiceActivation.objects.create(
        organization=organization,
        state=ActivationState.APPROVED.value,
        legal_name=NAME,
        purpose="Notices of the console to contacts of its organizations.",
        monthly_messages=SEGMENTS_A_DAY,
        submitted_by=_itself(),
        submitted_at=now,
        due_at=now,
        decided_at=now,
    )
    SmsApplication.objects.create(
        organization=organization,
        name=NAME,
        number_hourly_limit=_AN_HOUR,
        number_daily_limit=_A_DAY,
    )
    return organization


def _itself() -> User:
    """Return the console as the author of what it writes; nobody can sign in as it."""
    person, _is_new = User.objects.get_or_create(
        email=ADDRESS, defaults={"name": NAME, "is_active": False, "password": "!"}
    )
    return person


@transaction.atomic
def _word(organization: Organization, name: str, body: str) -> TextTemplate:
    """Make the template, or its next version, in use at once."""
    locked = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    own = TextTemplate.objects.for_organization(locked)
    template, _is_new = own.get_or_create(organization=locked, name=name, deleted_at=None)
    newest = template.versions.order_by("-number").first()
    if newest is not None and newest.body == body and newest.pk == template.approved_id:
        return template
    template.versions.filter(state=ReviewState.APPROVED.value).step(ReviewState.REPLACED)
    now = shared_time.now()
    version = TextTemplateVersion.objects.create(
        organization=locked,
        text_template=template,
        number=newest.number + 1 if newest else 1,
        body=body,
        sms_type=texts.SMS_TYPE,
        samples=[NAME] * parse(body).variables,
        state=ReviewState.APPROVED.value,
        created_by=_itself(),
        submitted_at=now,
        due_at=now,
        decided_at=now,
    )
    own.filter(pk=template.pk).update(approved=version)
    template.approved = version
    return template
