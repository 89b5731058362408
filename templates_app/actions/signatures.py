"""Writing signatures: a new one, its draft, and the evidence that goes with it."""

import uuid
from functools import partial
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Conflict, Refusal
from accounts.models import Organization, User
from templates_app.actions.versions import lock_organization, record, rows_of, save_draft
from templates_app.evidence import EVIDENCE_MAX_BYTES, image_kind
from templates_app.models import Signature, SignatureVersion
from templates_app.review import ReviewState

SIGNATURE_LIMIT = 50


class EvidenceRefused(Refusal):
    """A file that cannot be evidence."""

    field = "evidence"


@transaction.atomic
def create_signature(
    *,
    organization: Organization,
    author: User,
    content: str,
    kind: str,
    for_others: bool = False,
    remarks: str = "",
    evidence: UploadedFile | None = None,
) -> SignatureVersion:
    """Create a signature and return its first version, a draft.

    Raises EvidenceRefused, and Conflict at SIGNATURE_LIMIT.
    """
    lock_organization(organization)
    existing = Signature.objects.for_organization(organization).filter(deleted_at=None)
    if existing.count() >= SIGNATURE_LIMIT:
        raise Conflict(
            _("An organization can have %(limit)s signatures. Delete one first.")
            % {"limit": SIGNATURE_LIMIT}
        )
    version = SignatureVersion.objects.create(
        organization=organization,
        signature=Signature.objects.create(organization=organization),
        number=1,
        created_by=author,
        content=content,
        kind=kind,
        for_others=for_others,
        remarks=remarks,
    )
    _keep(version, evidence)
    record(version, "created", author)
    return version


@transaction.atomic
def save_signature(
    *,
    version: SignatureVersion,
    author: User,
    content: str,
    kind: str,
    for_others: bool = False,
    remarks: str = "",
    evidence: UploadedFile | None = None,
) -> SignatureVersion:
    """Save a draft; without a new file the evidence stays.

    Raises EvidenceRefused, and Conflict once it is submitted: that text is frozen.
    """
    save_draft(version, author, content=content, kind=kind, for_others=for_others, remarks=remarks)
    version.refresh_from_db()
    _keep(version, evidence)
    return version


def _keep(version: SignatureVersion, evidence: UploadedFile | None) -> None:
    """Store a file under a name of our own, if it is the image it must be."""
    if evidence is None:
        return
    content = evidence.read(EVIDENCE_MAX_BYTES + 1)
    if len(content) > EVIDENCE_MAX_BYTES:
        raise EvidenceRefused(_("The file is larger than 5 MB. Upload a smaller image."))
    extension = image_kind(content)
    if extension is None:
        raise EvidenceRefused(
            _(
                "The file is not a complete JPG or PNG image. "
                "Save it again as JPG or PNG, then upload it."
            )
        )
    earlier = version.evidence.name or ""
    version.evidence.save(f"{uuid.uuid4().hex}.{extension}", ContentFile(content), save=False)
    version.evidence_name = PurePath(evidence.name or "").name[-120:]
    rows_of(version).filter(state=ReviewState.DRAFT.value).update(
        evidence=version.evidence.name, evidence_name=version.evidence_name
    )
    _drop(version, earlier)


def _drop(version: SignatureVersion, name: str) -> None:
    """Remove a file that was replaced, unless an earlier version was decided with it."""
    versions = SignatureVersion.objects.for_organization(version.organization)
    if name and not versions.filter(evidence=name).exists():
        transaction.on_commit(partial(version.evidence.storage.delete, name), robust=True)
