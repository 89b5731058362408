"""What pages ask about an organization's signatures and text templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Organization
from accounts.paging import Page, page_of
from templates_app import wording
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


def language_versions(text_template: TextTemplate) -> dict[str, int]:
    """Return the versions of a text's other languages that can be sent in its place, by language.

    Approved, of the same type, and with as many variables.
    """
    own = text_template.approved
    if own is None:
        return {}
    needed = wording.parse(own.body).variables
    variants = text_template.variants.filter(
        deleted_at=None,
        approved__state=ReviewState.APPROVED.value,
        approved__sms_type=own.sms_type,
    )
    return {
        variant.language: variant.approved.pk
        for variant in variants.select_related("approved").order_by("language")
        if variant.language != text_template.language
        and variant.approved
        and wording.parse(variant.approved.body).variables == needed
    }


def sendable_signatures(organization: Organization) -> QuerySet[Signature]:
    """Return signatures with an approved version (`.approved`), by text."""
    rows = Signature.objects.for_organization(organization)
    rows = rows.filter(deleted_at=None, approved__state=ReviewState.APPROVED.value)
    return rows.select_related("approved").order_by("approved__content", "pk")


SEARCH_CHARS = 100


def text_templates(
    organization: Organization,
    *,
    state: str = "",
    sms_type: str = "",
    language: str = "",
    search: str = "",
) -> QuerySet[TextTemplate]:
    """Return text templates with `latest_id` and `latest_state`, the newest first.

    `state` is one of LIST_STATES; unknown filters are left out. `search` is looked for in names and
    texts. Further languages of a text are found by their words, and are no lines of their own.
    """
    versions = TextTemplateVersion.objects.for_organization(organization)
    rows = TextTemplate.objects.for_organization(organization).select_related("approved")
    rows = rows.filter(variant_of=None)
    if search := search.strip()[:SEARCH_CHARS]:
        said = versions.filter(body__icontains=search)
        own = said.filter(text_template=OuterRef("pk"))
        of_variant = said.filter(text_template__variant_of=OuterRef("pk"))
        rows = rows.filter(Q(name__icontains=search) | Exists(own) | Exists(of_variant))
    if language:
        variants = TextTemplate.objects.for_organization(organization).filter(
            variant_of=OuterRef("pk"), language=language, deleted_at=None
        )
        rows = rows.filter(Q(language=language) | Exists(variants))
    found: QuerySet[TextTemplate] = _filtered(
        rows, versions.filter(text_template=OuterRef("pk")), state, sms_type
    )
    return found


def signatures(
    organization: Organization, *, state: str = "", search: str = ""
) -> QuerySet[Signature]:
    """Return signatures with `latest_id` and `latest_state`, the newest first."""
    versions = SignatureVersion.objects.for_organization(organization)
    rows = Signature.objects.for_organization(organization).select_related("approved")
    if search := search.strip()[:SEARCH_CHARS]:
        said = versions.filter(signature=OuterRef("pk"), content__icontains=search)
        rows = rows.filter(Exists(said))
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
    """A line of a list: a signature or text template with its newest version, and its languages."""

    thing: Any
    latest: Any
    variants: Sequence[TextTemplate] = ()


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
    variants = _variants_of(organization, page.rows) if version is TextTemplateVersion else {}
    return Page(
        [
            ListLine(thing, by_id[thing.latest_id], variants.get(thing.pk, ()))
            for thing in page.rows
        ],
        page.next,
    )


def _variants_of(
    organization: Organization, rows: Sequence[TextTemplate]
) -> dict[int, list[TextTemplate]]:
    """Return the further languages of text templates."""
    found: dict[int, list[TextTemplate]] = {}
    for first in rows:
        found.setdefault(first.pk, [])
    own = TextTemplate.objects.for_organization(organization)
    variants = own.filter(variant_of__in=found, deleted_at=None)
    for variant in variants.select_related("approved").order_by("language"):
        found[variant.variant_of_id or 0].append(variant)
    return found


def drafts_among(model: Any, organization: Organization, pks: Sequence[int]) -> list[Any]:
    """Return the newest drafts of signatures or text templates, in the order asked."""
    owner = "signature" if model is Signature else "text_template"
    versions = SignatureVersion if model is Signature else TextTemplateVersion
    rows = versions.objects.for_organization(organization).filter(
        **{f"{owner}__in": pks, f"{owner}__deleted_at": None}, state=ReviewState.DRAFT.value
    )
    by_thing = {version.thing.pk: version for version in rows.select_related(owner)}
    return [by_thing[pk] for pk in pks if pk in by_thing]


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """One language of a text, with its newest version."""

    thing: TextTemplate
    latest: TextTemplateVersion


def languages_of(text_template: TextTemplate) -> list[LanguageLine]:
    """Return a text in all its languages, the first one first."""
    first = text_template.variant_of or text_template
    things = [first, *first.variants.filter(deleted_at=None).order_by("language")]
    lines = []
    for thing in things:
        latest = thing.versions.order_by("-number").first()
        if latest is not None:
            lines.append(LanguageLine(thing, latest))
    return lines


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
    if version.number == 1:
        return None
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
