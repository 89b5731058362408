"""The wording that says nothing itself, for organizations that may send whatever they write."""

from django.db import transaction

from accounts import shared_time
from accounts.models import Organization, User
from templates_app.actions.versions import lock_organization
from templates_app.models import SmsType, TextTemplate, TextTemplateVersion
from templates_app.review import ReviewState
from templates_app.wording import placeholder

FREE_TEXT = "Free text"
_BODY = placeholder(1)


@transaction.atomic
def free_text_version(*, organization: Organization, author: User) -> TextTemplateVersion:
    """Return the version that messages of free text of an organization name; make it once.

    Its text template is deleted from its first moment: it is in no list, nobody can name it, and
    messages tell what they were made of, as those of any deleted one do.
    """
    lock_organization(organization)
    own = TextTemplateVersion.objects.for_organization(organization)
    known = own.filter(body=_BODY, state=ReviewState.APPROVED.value)
    version: TextTemplateVersion | None = known.exclude(text_template__deleted_at=None).first()
    if version is not None:
        return version
    now = shared_time.now()
    text_template = TextTemplate.objects.create(
        organization=organization, name=FREE_TEXT, deleted_at=now
    )
    version = TextTemplateVersion.objects.create(
        organization=organization,
        text_template=text_template,
        number=1,
        body=_BODY,
        sms_type=SmsType.NOTIFICATION.value,
        samples=[FREE_TEXT],
        state=ReviewState.APPROVED.value,
        created_by=author,
        submitted_at=now,
        due_at=now,
        decided_at=now,
    )
    text_template.approved = version
    text_template.save(update_fields=["approved"])
    return version
