"""Rows of signatures and text templates for tests, with real versions in the asked state."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from accounts.review_clock import due_after
from accounts.tests.factories import make_organization, make_reviewer, make_user
from templates_app.likeness import digest
from templates_app.models import (
    Review,
    Signature,
    SignatureVersion,
    SmsType,
    TextTemplate,
    TextTemplateVersion,
)
from templates_app.models.signature import SignatureType
from templates_app.review import ReviewState
from templates_app.wording import parse

SEED_BODY = (
    "Your verification code is {1} (valid for {2} minutes). "
    "For account safety, don't forward the code to others."
)
# One pixel; content decides what an upload is, so the bytes must be a real image.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a"
    "49444154789c636000000002000148afa4710000000049454e44ae426082"
)
_numbers = count(1)
_DECIDED = {ReviewState.APPROVED, ReviewState.REJECTED, ReviewState.REPLACED}


def _life(state: ReviewState, created_by: User | None) -> dict[str, Any]:
    """Return what a version that came to `state` an hour ago would carry."""
    submitted = timezone.now() - timedelta(hours=1)
    fields: dict[str, Any] = {"state": state.value, "created_by": created_by or make_user()}
    if state is not ReviewState.DRAFT:
        fields |= {"submitted_at": submitted, "due_at": due_after(submitted)}
    if state in _DECIDED:
        fields["decided_at"] = timezone.now()
    return fields


def make_text_template_version(
    text_template: TextTemplate,
    state: ReviewState = ReviewState.DRAFT,
    *,
    body: str = SEED_BODY,
    sms_type: SmsType | str = SmsType.OTP,
    created_by: User | None = None,
    **fields: Any,
) -> TextTemplateVersion:
    """Add the next version; an approved one becomes the one in use."""
    sms_type = SmsType(sms_type).value
    samples = ["1234", "5", *(f"value {n}" for n in range(3, 13))]
    fields.setdefault("samples", samples[: parse(body).variables])
    fields.setdefault("number", text_template.versions.count() + 1)
    version = TextTemplateVersion.objects.create(
        organization=text_template.organization,
        text_template=text_template,
        body=body,
        sms_type=sms_type,
        digest=digest(body) if state is not ReviewState.DRAFT else "",
        **{**_life(state, created_by), **fields},
    )
    if state is ReviewState.APPROVED:
        text_template.approved = version
        text_template.save(update_fields=["approved"])
        _record(version, approved=True)
    return version


def make_signature_version(
    signature: Signature,
    state: ReviewState = ReviewState.DRAFT,
    *,
    content: str = "Harbourline",
    created_by: User | None = None,
    **fields: Any,
) -> SignatureVersion:
    """Add the next version; an approved one becomes the one in use."""
    fields.setdefault("kind", SignatureType.COMPANY.value)
    fields.setdefault("number", signature.versions.count() + 1)
    version = SignatureVersion.objects.create(
        organization=signature.organization,
        signature=signature,
        content=content,
        digest=digest(content) if state is not ReviewState.DRAFT else "",
        **{**_life(state, created_by), **fields},
    )
    if state is ReviewState.APPROVED:
        signature.approved = version
        signature.save(update_fields=["approved"])
        _record(version, approved=True)
    return version


def _record(version: SignatureVersion | TextTemplateVersion, *, approved: bool) -> Review:
    """Add the decision that an approved version must have."""
    field = (
        "signature_version" if isinstance(version, SignatureVersion) else "text_template_version"
    )
    return Review.objects.create(
        organization=version.organization,
        approved=approved,
        reviewer=make_reviewer(),
        **{field: version},
    )


def make_text_template(
    organization: Organization | None = None,
    state: ReviewState = ReviewState.DRAFT,
    *,
    name: str = "",
    **version: Any,
) -> TextTemplate:
    """Create a text template whose first version is in `state`."""
    text_template = TextTemplate.objects.create(
        organization=organization or make_organization(),
        name=name or f"Text template {next(_numbers)}",
    )
    make_text_template_version(text_template, state, **version)
    return text_template


def make_signature(
    organization: Organization | None = None,
    state: ReviewState = ReviewState.DRAFT,
    **version: Any,
) -> Signature:
    """Create a signature whose first version is in `state`."""
    signature = Signature.objects.create(organization=organization or make_organization())
    make_signature_version(signature, state, **version)
    return signature


def approved_template(
    organization: Organization | None = None,
    body: str = SEED_BODY,
    sms_type: SmsType | str = SmsType.OTP,
    **version: Any,
) -> TextTemplate:
    """Create a text template that may be sent; its version is `.approved`."""
    return make_text_template(
        organization, ReviewState.APPROVED, body=body, sms_type=sms_type, **version
    )


def pending_template(
    organization: Organization | None = None,
    body: str = SEED_BODY,
    sms_type: SmsType | str = SmsType.OTP,
    **version: Any,
) -> TextTemplate:
    """Create a text template that waits for a reviewer."""
    return make_text_template(
        organization, ReviewState.PENDING, body=body, sms_type=sms_type, **version
    )


def approved_signature(
    organization: Organization | None = None, content: str = "Harbourline", **version: Any
) -> Signature:
    """Create a signature that may be sent with; its version is `.approved`."""
    return make_signature(organization, ReviewState.APPROVED, content=content, **version)


def pending_signature(
    organization: Organization | None = None, content: str = "Harbourline", **version: Any
) -> Signature:
    """Create a signature that waits for a reviewer."""
    return make_signature(organization, ReviewState.PENDING, content=content, **version)
