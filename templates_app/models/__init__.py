"""One noun a file: signatures, text templates, their versions, and reviews."""

from templates_app.models.catalogue_reason import CatalogueReason
from templates_app.models.desk_claim import DeskClaim
from templates_app.models.desk_decision import DecisionState, DeskDecision
from templates_app.models.private_note import NOTE_MAX, PrivateNote
from templates_app.models.quality_check import QualityCheck, QualityState
from templates_app.models.question import QUESTION_MAX, ReviewQuestion
from templates_app.models.review import Review
from templates_app.models.reviewed_version import ReviewedVersion, ReviewedVersionQuerySet
from templates_app.models.signature import Signature, SignatureVersion
from templates_app.models.text_mark import TextMark
from templates_app.models.text_template import SmsType, TextTemplate, TextTemplateVersion

__all__ = [
    "NOTE_MAX",
    "QUESTION_MAX",
    "CatalogueReason",
    "DecisionState",
    "DeskClaim",
    "DeskDecision",
    "PrivateNote",
    "QualityCheck",
    "QualityState",
    "Review",
    "ReviewQuestion",
    "ReviewedVersion",
    "ReviewedVersionQuerySet",
    "Signature",
    "SignatureVersion",
    "SmsType",
    "TextMark",
    "TextTemplate",
    "TextTemplateVersion",
]
