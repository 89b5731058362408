"""The brand text put before the body: `[Signature] body`."""

from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from templates_app.models.reviewed_version import ReviewedVersion
from templates_app.review import ReviewState


class SignatureType(StrEnum):
    """What the brand text names."""

    COMPANY = "COMPANY"
    APP = "APP"
    WEBSITE = "WEBSITE"
    OFFICIAL_ACCOUNT = "OFFICIAL_ACCOUNT"
    TRADEMARK = "TRADEMARK"
    GOVERNMENT = "GOVERNMENT"


SIGNATURE_TYPE_LABELS = {
    SignatureType.COMPANY: _("Company"),
    SignatureType.APP: _("App"),
    SignatureType.WEBSITE: _("Website"),
    SignatureType.OFFICIAL_ACCOUNT: _("Official account or mini program"),
    SignatureType.TRADEMARK: _("Trademark"),
    SignatureType.GOVERNMENT: _("Government, public institution or other"),
}


def signature_type_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return [(kind.value, label) for kind, label in SIGNATURE_TYPE_LABELS.items()]


class Signature(models.Model):
    """A signature through its versions; `approved` is the one in use."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="signatures")
    approved = models.ForeignKey(
        "SignatureVersion", models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = MomentField(_("created at"), default=shared_time.now)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self) -> str:
        return f"{self.approved or self.versions.order_by('-number').first() or self.pk}"


class SignatureVersion(ReviewedVersion):
    """One reviewed wording of a signature, with its evidence."""

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="versions")
    content = models.CharField(_("signature"), max_length=15)
    kind = models.CharField(_("signature type"), max_length=16, choices=signature_type_choices)
    for_others = models.BooleanField(_("on behalf of another organization"), default=False)
    evidence = models.FileField(_("certificate"), upload_to="evidence/", blank=True)
    evidence_name = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("signature version")
        verbose_name_plural = _("signature versions")
        constraints = [
            models.UniqueConstraint(fields=["signature", "number"], name="signature_version_once"),
            # One decision at a time: a second submission waits for the first.
            models.UniqueConstraint(
                fields=["signature"],
                condition=Q(state=ReviewState.PENDING.value),
                name="signature_one_pending",
            ),
        ]
        # The overview: what was rejected lately.
        indexes = [
            models.Index(
                fields=["organization", "-decided_at"],
                condition=Q(state=ReviewState.REJECTED.value),
                name="signature_rejected",
            ),
        ]

    def __str__(self) -> str:
        return self.content

    @property
    def text(self) -> str:
        """Return the words that are reviewed."""
        return self.content

    @property
    def name(self) -> str:
        """Return what people call it."""
        return self.content

    @property
    def thing(self) -> Signature:
        """Return the signature this is a version of."""
        return self.signature
