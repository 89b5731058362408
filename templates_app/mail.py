"""What people read by mail about a decision."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.mail import Mail, absolute, people_to_tell, render
from templates_app.models import Review, SignatureVersion, TextTemplateVersion
from templates_app.sentences import reason_texts


def decision_mails(version: SignatureVersion | TextTemplateVersion, review: Review) -> list[Mail]:
    """Return a mail to the submitter and one to each contact of the organization."""
    is_signature = isinstance(version, SignatureVersion)
    words: dict[str, Any] = {"thing": version.name, "number": version.number}
    if review.approved:
        subject = _("“%(thing)s”, version %(number)s, was approved") % words
    else:
        subject = _("“%(thing)s”, version %(number)s, was rejected") % words
    page = "templates_app:signature_detail" if is_signature else "templates_app:template_detail"
    return [
        render(
            "templates_app/mail/review_decided.txt",
            address,
            subject,
            version=version,
            review=review,
            is_signature=is_signature,
            reasons=reason_texts(review.reasons),
            link=absolute(page, version.thing.pk),
            **words,
        )
        for address in people_to_tell(version.organization, version.created_by)
    ]
