"""The demo's signature and text templates: one of each type approved, one waiting for review."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from accounts.review_clock import due_after
from accounts.roles import Role
from templates_app.actions.marks import mark_text
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


@dataclass(frozen=True)
class DemoWording:
    """A text template of the demo."""

    name: str
    sms_type: SmsType
    body: str
    samples: list[str] = field(default_factory=list)
    remarks: str = ""


OTP = DemoWording(
    "Sign-in code",
    SmsType.OTP,
    "Your verification code is {1} (valid for {2} minutes). For account safety, don't forward the"
    " code to others.",
    ["1234", "5"],
    "Sent when a customer signs in on a new device.",
)
NOTIFICATION = DemoWording(
    "Holiday closing",
    SmsType.NOTIFICATION,
    "Our stores close at 16:00 on Thursday 24 December and open again on Monday at 09:00.",
    remarks="To customers who have shopped with us this year.",
)
# The same text for those who read another language.
LANGUAGES = {
    "fr": "Nos magasins ferment à 16 h le jeudi 24 décembre et rouvrent le lundi à 9 h.",
    "zh-hans": "本店12月24日星期四16:00关门，星期一09:00恢复营业。",
}
MARKETING = DemoWording(
    "Winter offer",
    SmsType.MARKETING,
    "Dear {1}, this week members get 15 percent off every lamp. Show this message in the shop."
    " Reply STOP to opt out.",
    ["Chan"],
    "To members who agreed to offers.",
)
WAITING = DemoWording(
    "Delivery slot",
    SmsType.NOTIFICATION,
    "Hello {1}, your order {2} arrives on {3}. Someone must be at home to sign for it.",
    ["Ms Chan", "HL-20417", "Friday between 9 and 12"],
    "Sent once an order is with the driver.",
)


def load_content(organization: Organization, reviewer: User) -> None:
    """Make the signature and the templates with their reviews."""
    author = organization.members.get(role=Role.SENDER.value).user
    signature = Signature.objects.create(organization=organization)
    version = SignatureVersion.objects.create(
        signature=signature,
        content="Harbourline",
        kind=SignatureType.COMPANY.value,
        **_versioned(organization, author, ReviewState.APPROVED),
    )
    _mark(version)
    Signature.objects.filter(pk=signature.pk).update(approved=version)
    Review.objects.create(
        organization=organization, signature_version=version, approved=True, reviewer=reviewer
    )
    for wording in (OTP, NOTIFICATION, MARKETING):
        _template(organization, author, reviewer, wording)
    first = TextTemplate.objects.get(organization=organization, name=NOTIFICATION.name)
    TextTemplate.objects.filter(pk=first.pk).update(language="en")
    for language, body in LANGUAGES.items():
        own = replace(NOTIFICATION, body=body)
        _template(organization, author, reviewer, own, language=language, variant_of=first)
    _template(organization, author, None, WAITING)


def _template(
    organization: Organization,
    author: User,
    reviewer: User | None,
    wording: DemoWording,
    **fields: Any,
) -> None:
    """Make one template; without a reviewer it waits."""
    template = TextTemplate.objects.create(organization=organization, name=wording.name, **fields)
    version = TextTemplateVersion.objects.create(
        text_template=template,
        body=wording.body,
        sms_type=wording.sms_type.value,
        samples=wording.samples,
        remarks=wording.remarks,
        **_versioned(
            organization, author, ReviewState.APPROVED if reviewer else ReviewState.PENDING
        ),
    )
    _mark(version)
    if reviewer:
        TextTemplate.objects.filter(pk=template.pk).update(approved=version)
        Review.objects.create(
            organization=organization,
            text_template_version=version,
            approved=True,
            reviewer=reviewer,
        )


def _mark(version: SignatureVersion | TextTemplateVersion) -> None:
    """Let the review desk find similar texts, as a submission does."""
    type(version).objects.for_organization(version.organization).filter(pk=version.pk).update(
        digest=digest(version.text)
    )
    mark_text(version)


def _versioned(organization: Organization, author: User, state: ReviewState) -> dict[str, object]:
    """Return what every version has; approved ones were submitted an hour and a bit ago."""
    approved = state is ReviewState.APPROVED
    submitted = timezone.now() - timedelta(minutes=72 if approved else 4)
    return {
        "organization": organization,
        "number": 1,
        "state": state.value,
        "created_by": author,
        "created_at": submitted,
        "submitted_at": submitted,
        "due_at": due_after(submitted),
        "decided_at": timezone.now() if approved else None,
    }
