"""Which approved text templates of an organization match the texts of a wording, too."""

from accounts.models import Organization
from templates_app.lint import Finding
from templates_app.lint.findings import LISTED_PER_RULE, finding
from templates_app.matching import compiled
from templates_app.matching.overlap import overlaps
from templates_app.models import TextTemplate
from templates_app.review import ReviewState

MOST_COMPARED = 500
"""Text templates that a wording is compared with, the newest: people wait for the answer."""
_NEW = 0
_COMPARED = ("name", "language", "variant_of", "approved__sms_type", "approved__body")


def equal_texts(
    organization: Organization, body: str, sms_type: str, *, of: int | None = None
) -> list[Finding]:
    """Return a finding for each text template that whole texts could be taken for as well.

    `of` is the text template that the wording is of, None while it has none.
    """
    own = compiled(of or _NEW, sms_type, body)
    if own is None or not body.strip():
        return []
    approved = TextTemplate.objects.for_organization(organization).filter(
        deleted_at=None, approved__state=ReviewState.APPROVED.value
    )
    rows = approved.exclude(pk=of or _NEW).select_related("approved").only(*_COMPARED)
    names, others = {}, []
    for row in rows.order_by("-pk")[:MOST_COMPARED]:
        version = row.approved
        pattern = version and compiled(row.pk, version.sms_type, version.body)
        if pattern:
            names[row.pk] = str(row)
            others.append(pattern)
    return [
        finding(
            "SAME_TEXTS" if one.is_tie else "TEXTS_OF_ANOTHER",
            0,
            len(body),
            id=one.id,
            name=names[one.id],
        )
        for one in sorted(overlaps(own, others), key=lambda one: not one.is_tie)
    ][:LISTED_PER_RULE]
