"""The life of a version until it is decided: submitted, withdrawn, followed by the next one."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import shared_time
from accounts.errors import Conflict, Refusal
from accounts.models import AuditEntry, Organization, User
from accounts.review_clock import due_after
from templates_app.actions.marks import mark_text
from templates_app.actions.same_variables import check_variables
from templates_app.likeness import digest
from templates_app.lint import Severity
from templates_app.models import (
    ReviewedVersionQuerySet,
    Signature,
    SignatureVersion,
    TextTemplate,
    TextTemplateVersion,
)
from templates_app.review import ReviewState
from templates_app.version_findings import findings_of

Thing = Signature | TextTemplate
Version = SignatureVersion | TextTemplateVersion

OPEN_STATES = (ReviewState.DRAFT.value, ReviewState.PENDING.value)
COPIED: dict[type[Version], tuple[str, ...]] = {
    SignatureVersion: ("content", "kind", "for_others", "evidence", "evidence_name", "remarks"),
    TextTemplateVersion: ("body", "sms_type", "samples", "remarks", "validity_minutes"),
}


class HasFindings(Refusal):
    """A text that breaks rules cannot be submitted."""


def noun(model: type[Any]) -> str:
    """Return what the audit trail calls a signature or text template, or a version of one."""
    return "signature" if model in (Signature, SignatureVersion) else "text_template"


def rows_of(version: Version) -> ReviewedVersionQuerySet:
    """Return the row of `version` alone, to be stepped or locked."""
    rows: ReviewedVersionQuerySet = type(version).objects.for_organization(version.organization)
    return rows.filter(pk=version.pk)


def lock(thing: Thing) -> Any:
    """Return the fresh signature or text template, locked until the transaction ends."""
    things = type(thing).objects.for_organization(thing.organization)
    return things.select_for_update().get(pk=thing.pk)


def lock_organization(organization: Organization) -> None:
    """Let acts that count what an organization has follow one another."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


def record(version: Version, act: str, actor: User, **details: Any) -> None:
    """Write one act on a version into the audit trail."""
    AuditEntry.record(
        action=f"{noun(type(version))}.{act}",
        subject=version.thing,
        organization=version.organization,
        actor=actor,
        version=version.number,
        version_id=version.pk,
        **details,
    )


def save_draft(version: Version, author: User, **fields: Any) -> None:
    """Write fields of a draft; raises Conflict once it is submitted: that text is frozen."""
    drafts = rows_of(version).filter(state=ReviewState.DRAFT.value)
    if not drafts.update(created_by=author, **fields):
        raise Conflict(
            _("Version %(number)s has been submitted, so it can no longer be changed.")
            % {"number": version.number}
        )


@transaction.atomic
def submit(*, version: Version, submitter: User) -> Version:
    """Freeze a draft and submit it for review in the name of `submitter`.

    Raises Conflict when it is no draft any more or another version is in review, HasFindings when
    its text breaks rules. Returns the fresh row.
    """
    lock(version.thing)
    # The row stays locked between reading the text and freezing it.
    version = rows_of(version).select_for_update().get()
    if version.state != ReviewState.DRAFT:
        raise Conflict(_("Version %(number)s is no longer a draft.") % {"number": version.number})
    if isinstance(version, TextTemplateVersion):
        check_variables(version)
    errors = [found for found in findings_of(version) if found.severity is Severity.ERROR]
    if errors:
        raise HasFindings(
            ngettext(
                "Correct %(count)s problem before you submit. The draft is saved.",
                "Correct %(count)s problems before you submit. The draft is saved.",
                len(errors),
            )
            % {"count": len(errors)}
        )
    if isinstance(version, SignatureVersion):
        _check_not_a_duplicate(version)
    now = shared_time.now()
    try:
        with transaction.atomic():
            rows_of(version).step(
                ReviewState.PENDING,
                only_from=ReviewState.DRAFT,
                submitted_at=now,
                due_at=due_after(now),
                digest=digest(version.text),
                created_by=submitter,
            )
    except IntegrityError:
        raise Conflict(
            _("Another version is in review. Withdraw it, or wait for the decision.")
        ) from None
    version.refresh_from_db()
    mark_text(version)
    record(version, "submitted", submitter)
    return version


def _check_not_a_duplicate(version: SignatureVersion) -> None:
    """Refuse what another signature of the organization has in use or in review."""
    twins = SignatureVersion.objects.for_organization(version.organization).filter(
        content__iexact=version.content,
        state__in=(ReviewState.PENDING.value, ReviewState.APPROVED.value),
    )
    if twins.exclude(signature=version.signature).exists():
        raise Conflict(
            _("Your organization already has a signature “%(content)s” in use or in review.")
            % {"content": version.content}
        )


@transaction.atomic
def withdraw(*, version: Version, actor: User) -> Version:
    """Withdraw a submission, or discard a draft. Raises Conflict when it is decided already."""
    lock(version.thing)
    if not rows_of(version).filter(state__in=OPEN_STATES).step(ReviewState.WITHDRAWN):
        raise Conflict(
            _("Version %(number)s has already been decided or withdrawn.")
            % {"number": version.number}
        )
    version.refresh_from_db()
    record(version, "withdrawn", actor)
    return version


@transaction.atomic
def new_version(*, version: Version, author: User) -> Version:
    """Return the next draft, a copy of `version`; the draft there is, where there is one."""
    thing = lock(version.thing)
    if thing.deleted_at:
        raise Conflict(_("It was deleted, so it cannot have a new version."))
    draft: Version | None = thing.versions.filter(state=ReviewState.DRAFT.value).first()
    if draft is not None:
        return draft
    last = thing.versions.aggregate(last=Max("number"))["last"]
    owner = {noun(type(version)): thing}
    copy: Version = type(version).objects.create(
        organization=version.organization,
        number=last + 1,
        created_by=author,
        **owner,
        **{name: getattr(version, name) for name in COPIED[type(version)]},
    )
    return copy


@transaction.atomic
def delete(*, thing: Thing, actor: User) -> None:
    """Hide a signature or text template and withdraw its versions; what was sent keeps them."""
    locked = lock(thing)
    if locked.deleted_at:
        return
    subject = str(locked)
    locked.versions.step(ReviewState.WITHDRAWN)
    if isinstance(locked, TextTemplate):
        # Its other languages go with it.
        for variant in locked.variants.filter(deleted_at=None):
            delete(thing=variant, actor=actor)
    type(thing).objects.for_organization(thing.organization).filter(pk=thing.pk).update(
        deleted_at=shared_time.now(), approved=None
    )
    AuditEntry.record(
        action=f"{noun(type(thing))}.deleted",
        subject=subject,
        organization=thing.organization,
        actor=actor,
        id=thing.pk,
    )
