"""Writing text templates: a new one, and its draft."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import Organization, User
from templates_app.actions.versions import lock_organization, record, save_draft
from templates_app.models import SmsType, TextTemplate, TextTemplateVersion

TEXT_TEMPLATE_LIMIT = 1000


class NameTaken(Conflict):
    """Text templates of an organization have different names."""

    field = "name"


def _name_taken(name: str) -> NameTaken:
    return NameTaken(
        _("Your organization already has a text template “%(name)s”. Choose another name.")
        % {"name": name}
    )


@transaction.atomic
def create_text_template(
    *,
    organization: Organization,
    author: User,
    name: str,
    sms_type: SmsType | str,
    body: str,
    samples: Sequence[str] = (),
    remarks: str = "",
) -> TextTemplateVersion:
    """Create a text template and return its first version, a draft.

    Raises NameTaken, and Conflict at TEXT_TEMPLATE_LIMIT.
    """
    lock_organization(organization)
    existing = TextTemplate.objects.for_organization(organization).filter(deleted_at=None)
    if existing.count() >= TEXT_TEMPLATE_LIMIT:
        raise Conflict(
            _("An organization can have %(limit)s text templates. Delete one first.")
            % {"limit": TEXT_TEMPLATE_LIMIT}
        )
    if existing.filter(name=name).exists():
        raise _name_taken(name)
    version = TextTemplateVersion.objects.create(
        organization=organization,
        text_template=TextTemplate.objects.create(organization=organization, name=name),
        number=1,
        created_by=author,
        sms_type=SmsType(sms_type).value,
        body=body,
        samples=list(samples),
        remarks=remarks,
    )
    record(version, "created", author)
    return version


@transaction.atomic
def save_text_template(
    *,
    version: TextTemplateVersion,
    author: User,
    name: str,
    sms_type: SmsType | str,
    body: str,
    samples: Sequence[str] = (),
    remarks: str = "",
) -> TextTemplateVersion:
    """Save a draft. Raises NameTaken, and Conflict once it is submitted: that text is frozen."""
    save_draft(
        version,
        author,
        sms_type=SmsType(sms_type).value,
        body=body,
        samples=list(samples),
        remarks=remarks,
    )
    _rename(version.text_template, name)
    version.refresh_from_db()
    return version


def _rename(text_template: TextTemplate, name: str) -> None:
    """Give it another name; only people read it, so that no review is needed."""
    rows = TextTemplate.objects.for_organization(text_template.organization)
    try:
        with transaction.atomic():
            rows.filter(pk=text_template.pk).update(name=name)
    except IntegrityError:
        raise _name_taken(name) from None
