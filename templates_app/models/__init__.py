"""One noun a file: signatures, text templates, their versions, and reviews."""

from templates_app.models.question import QUESTION_MAX, ReviewQuestion
from templates_app.models.review import Review
from templates_app.models.reviewed_version import ReviewedVersion, ReviewedVersionQuerySet
from templates_app.models.signature import Signature, SignatureVersion
from templates_app.models.text_template import SmsType, TextTemplate, TextTemplateVersion

__all__ = [
    "QUESTION_MAX",
    "Review",
    "ReviewQuestion",
    "ReviewedVersion",
    "ReviewedVersionQuerySet",
    "Signature",
    "SignatureVersion",
    "SmsType",
    "TextTemplate",
    "TextTemplateVersion",
]
