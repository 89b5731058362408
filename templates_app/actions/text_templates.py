"""Writing text templates: a new one, and its draft."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import Organization, User
from templates_app.actions.languages import LanguageTaken
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
    language: str = "",
    validity_minutes: int | None = None,
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
    if existing.filter(name=name, variant_of=None).exists():
        raise _name_taken(name)
    version = TextTemplateVersion.objects.create(
        organization=organization,
        text_template=TextTemplate.objects.create(
            organization=organization, name=name, language=language
        ),
        number=1,
        created_by=author,
        sms_type=SmsType(sms_type).value,
        body=body,
        samples=list(samples),
        remarks=remarks,
        validity_minutes=validity_minutes,
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
    language: str = "",
    validity_minutes: int | None = None,
) -> TextTemplateVersion:
    """Save a draft; of a further language of a text the name, type and language stay.

    Raises NameTaken, LanguageTaken, and Conflict once it is submitted: that text is frozen.
    """
    save_draft(
        version,
        author,
        sms_type=SmsType(sms_type).value,
        body=body,
        samples=list(samples),
        remarks=remarks,
        validity_minutes=validity_minutes,
    )
    if version.text_template.variant_of_id is None:
        _rename(version.text_template, name, language)
    version.refresh_from_db()
    return version


def _rename(text_template: TextTemplate, name: str, language: str) -> None:
    """Give it another name or language; only people read them, so that no review is needed."""
    if language and text_template.variants.filter(deleted_at=None, language=language).exists():
        raise LanguageTaken(_("This text already exists in that language."))
    rows = TextTemplate.objects.for_organization(text_template.organization)
    try:
        with transaction.atomic():
            rows.filter(pk=text_template.pk).update(name=name, language=language)
            rows.filter(variant_of=text_template).update(name=name)
    except IntegrityError:
        raise _name_taken(name) from None
