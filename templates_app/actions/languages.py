"""Other languages of one text: each its own wording, reviewed by itself."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict
from accounts.models import User
from templates_app.actions.versions import lock, lock_organization, record
from templates_app.models import TextTemplate, TextTemplateVersion

MOST_LANGUAGES = 50
"""Of one text."""


class LanguageTaken(Conflict):
    """A text has one wording in each language."""

    field = "language"


@transaction.atomic
def add_language(
    *, text_template: TextTemplate, author: User, language: str
) -> TextTemplateVersion:
    """Return a draft in another language, which begins as a copy of the text.

    Raises LanguageTaken, and Conflict for a text that is itself a language of another.
    """
    lock_organization(text_template.organization)
    own = lock(text_template)
    if own.variant_of_id or own.deleted_at:
        raise Conflict(
            _("Add languages to the text in its first language, not to one of the others.")
        )
    others = own.variants.filter(deleted_at=None)
    if language == own.language or others.filter(language=language).exists():
        raise LanguageTaken(_("This text already exists in that language."))
    if others.count() >= MOST_LANGUAGES:
        raise Conflict(_("A text can have up to %(most)d languages.") % {"most": MOST_LANGUAGES})
    copied = own.approved or own.versions.order_by("-number").first()
    try:
        with transaction.atomic():
            variant = TextTemplate.objects.create(
                organization=own.organization, name=own.name, language=language, variant_of=own
            )
    except IntegrityError:
        raise LanguageTaken(_("This text already exists in that language.")) from None
    version = TextTemplateVersion.objects.create(
        organization=own.organization,
        text_template=variant,
        number=1,
        created_by=author,
        body=copied.body,
        sms_type=copied.sms_type,
        samples=copied.samples,
        remarks=copied.remarks,
        validity_minutes=copied.validity_minutes,
    )
    record(version, "created", author, language=language)
    return version
