"""What pages ask about an organization's signatures and text templates."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import Organization
from accounts.paging import Page, page_of
from templates_app.models import (
    Review,
    ReviewQuestion,
    Signature,
    SignatureVersion,
    TextTemplate,
    TextTemplateVersion,
)
from templates_app.review import ReviewState

Version = SignatureVersion | TextTemplateVersion
LIST_SIZE = 50
# What lists filter by. APPROVED means in use, whatever became of later versions.
LIST_STATES = (
    ReviewState.DRAFT,
    ReviewState.PENDING,
    ReviewState.APPROVED,
    ReviewState.REJECTED,
    ReviewState.WITHDRAWN,
)


def sendable_signatures(organization: Organization) -> QuerySet[Signature]:
    """Return signatures with an approved version (`.approved`), by text."""
    rows = Signature.objects.for_organization(organization)
    rows = rows.filter(deleted_at=None, approved__state=ReviewState.APPROVED.value)
    return rows.select_related("approved").order_by("approved__content", "pk")


def text_templates(
    organization: Organization, *, state: str = "", sms_type: str = ""
) -> QuerySet[TextTemplate]:
    """Return text templates with `latest_id` and `latest_state`, the newest first.

    `state` is one of LIST_STATES; unknown filters are left out.
    """
    versions = TextTemplateVersion.objects.for_organization(organization)
    rows = TextTemplate.objects.for_organization(organization).select_related("approved")
    found: QuerySet[TextTemplate] = _filtered(
        rows, versions.filter(text_template=OuterRef("pk")), state, sms_type
    )
    return found


def signatures(organization: Organization, *, state: str = "") -> QuerySet[Signature]:
    """Return signatures with `latest_id` and `latest_state`, the newest first."""
    versions = SignatureVersion.objects.for_organization(organization)
    rows = Signature.objects.for_organization(organization).select_related("approved")
    found: QuerySet[Signature] = _filtered(
        rows, versions.filter(signature=OuterRef("pk")), state, ""
    )
    return found


def _filtered(rows: Any, versions: Any, state: str, sms_type: str) -> Any:
    latest = versions.order_by("-number")
    rows = rows.filter(deleted_at=None).annotate(
        latest_id=Subquery(latest.values("pk")[:1]),
        latest_state=Subquery(latest.values("state")[:1]),
    )
    if sms_type:
        rows = rows.annotate(latest_type=Subquery(latest.values("sms_type")[:1]))
        rows = rows.filter(latest_type=sms_type)
    if state == ReviewState.APPROVED:
        rows = rows.exclude(approved=None)
    elif state in {known.value for known in LIST_STATES}:
        rows = rows.filter(latest_state=state)
    return rows.order_by("-pk")


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list: a signature or text template with its newest version."""

    thing: Any
    latest: Any


def list_page(
    organization: Organization, things: QuerySet[Any], after: int | None
) -> Page[ListLine]:
    """Return lines of `text_templates` or `signatures` after the one with this id."""
    if after:
        things = things.filter(pk__lt=after)
    page = page_of(things, LIST_SIZE, lambda thing: thing.pk)
    version, owner = (
        (SignatureVersion, "signature")
        if things.model is Signature
        else (TextTemplateVersion, "text_template")
    )
    versions = version.objects.for_organization(organization).select_related("created_by", owner)
    by_id = versions.in_bulk([thing.latest_id for thing in page.rows])
    return Page([ListLine(thing, by_id[thing.latest_id]) for thing in page.rows], page.next)


@dataclass(frozen=True, slots=True)
class VersionWithReview:
    """A version in a timeline, with the decision about it if there is one."""

    version: Any
    review: Review | None


def timeline(thing: Signature | TextTemplate) -> list[VersionWithReview]:
    """Return all versions, the newest first."""
    versions = list(thing.versions.select_related("created_by").order_by("-number"))
    field = "signature_version" if isinstance(thing, Signature) else "text_template_version"
    reviews = Review.objects.for_organization(thing.organization).filter(
        **{f"{field}__in": versions}
    )
    # Of an appealed version the newest decision counts.
    reviews = reviews.order_by("pk")
    by_version = {getattr(review, f"{field}_id"): review for review in reviews}
    return [VersionWithReview(version, by_version.get(version.pk)) for version in versions]


def review_of(version: Version) -> Review | None:
    """Return the newest decision about a version."""
    reviews = Review.objects.for_organization(version.organization).filter(_about(version))
    return reviews.order_by("-pk").first()


def thread(version: Version) -> list[ReviewQuestion]:
    """Return questions and answers about a version, the oldest first."""
    lines = ReviewQuestion.objects.for_organization(version.organization).filter(_about(version))
    return list(lines.select_related("author").order_by("pk"))


def rejection_before(version: Version) -> Review | None:
    """Return the rejection that a draft answers: the one of the version just before it."""
    earlier = version.thing.versions.filter(number__lt=version.number).order_by("-number").first()
    if earlier is None or earlier.state != ReviewState.REJECTED:
        return None
    return review_of(earlier)


def compared_version(version: Version) -> Version | None:
    """Return the version to compare with: the one in use, or else the one before."""
    approved = version.thing.approved
    if approved is not None and approved.number < version.number:
        return approved
    earlier: Version | None = (
        version.thing.versions.filter(number__lt=version.number).order_by("-number").first()
    )
    return earlier


def _about(version: Version) -> Q:
    if isinstance(version, SignatureVersion):
        return Q(signature_version=version)
    return Q(text_template_version=version)
