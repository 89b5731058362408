"""What people read by mail about a decision."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.languages import to_each
from accounts.mail import Mail, absolute, people_to_tell, render
from templates_app.models import Review, SignatureVersion, TextTemplateVersion
from templates_app.sentences import reason_texts


def decision_mails(version: SignatureVersion | TextTemplateVersion, review: Review) -> list[Mail]:
    """Return a mail to the submitter and one to each contact of the organization."""
    is_signature = isinstance(version, SignatureVersion)
    words: dict[str, Any] = {"thing": version.name, "number": version.number}
    page = "templates_app:signature_detail" if is_signature else "templates_app:template_detail"

    def write(address: str) -> Mail:
        subject = (
            _("“%(thing)s”, version %(number)s, was approved")
            if review.approved
            else _("“%(thing)s”, version %(number)s, was rejected")
        )
        return render(
            "templates_app/mail/review_decided.txt",
            address,
            subject % words,
            version=version,
            review=review,
            is_signature=is_signature,
            reasons=reason_texts(review.reasons),
            link=absolute(page, version.thing.pk),
            **words,
        )

    people = people_to_tell(version.organization, version.created_by)
    return to_each(people, version.organization, write)
