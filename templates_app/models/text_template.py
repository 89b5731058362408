"""Reviewed wording with {1} {2} …; sending uses an approved version of it."""

from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from accounts.sids import CONTENT, sid_of
from templates_app.language_names import language_name
from templates_app.models.reviewed_version import ReviewedVersion
from templates_app.review import ReviewState


class SmsType(StrEnum):
    """What a text is for; rules and lanes differ by it."""

    OTP = "OTP"
    NOTIFICATION = "NOTIFICATION"
    MARKETING = "MARKETING"


SMS_TYPE_LABELS = {
    SmsType.OTP: _("OTP"),
    SmsType.NOTIFICATION: _("Notification"),
    SmsType.MARKETING: _("Marketing"),
}


def sms_type_choices() -> list[tuple[str, object]]:
    """Return the choices; a callable keeps them out of migrations."""
    return [(kind.value, label) for kind, label in SMS_TYPE_LABELS.items()]


class TextTemplate(models.Model):
    """A text template through its versions; `approved` is the one in use."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="text_templates")
    name = models.CharField(_("name"), max_length=60)
    # Of one text in several languages the others are variants of the first.
    language = models.CharField(_("language"), max_length=12, blank=True)
    variant_of = models.ForeignKey(
        "self", models.CASCADE, related_name="variants", null=True, blank=True
    )
    approved = models.ForeignKey(
        "TextTemplateVersion", models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = MomentField(_("created at"), default=shared_time.now)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("text template")
        verbose_name_plural = _("text templates")
        permissions = [("revoke", "Can revoke approved texts and signatures")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=Q(deleted_at=None, variant_of=None),
                name="text_template_name_once",
            ),
            models.UniqueConstraint(
                fields=["variant_of", "language"],
                condition=Q(deleted_at=None),
                name="text_template_language_once",
            ),
        ]

    def __str__(self) -> str:
        """Return the name; of a further language, with it."""
        if self.variant_of_id is None:
            return self.name
        return f"{self.name} ({language_name(self.language)})"

    @property
    def content_sid(self) -> str:
        """Return its name to programs on the SDKs of Twilio, HX and 32 digits."""
        return sid_of(CONTENT, self.pk)


class TextTemplateVersion(ReviewedVersion):
    """One immutable wording of a text template."""

    text_template = models.ForeignKey(TextTemplate, models.CASCADE, related_name="versions")
    body = models.TextField(_("body"), max_length=500)
    sms_type = models.CharField(_("type"), max_length=12, choices=sms_type_choices)
    # Sample values, one a variable, shown to reviewers and in previews.
    samples = models.JSONField(_("samples"), default=list, blank=True)
    # Of one-time passwords: after so many minutes none is sent any more. None: the text says.
    validity_minutes = models.PositiveSmallIntegerField(
        _("validity, minutes"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("text template version")
        verbose_name_plural = _("text template versions")
        constraints = [
            models.UniqueConstraint(
                fields=["text_template", "number"], name="text_template_version_once"
            ),
            models.UniqueConstraint(
                fields=["text_template"],
                condition=Q(state=ReviewState.PENDING.value),
                name="text_template_one_pending",
            ),
        ]
        # The overview: what was rejected lately.
        indexes = [
            models.Index(
                fields=["organization", "-decided_at"],
                condition=Q(state=ReviewState.REJECTED.value),
                name="text_template_rejected",
            ),
        ]

    def __str__(self) -> str:
        return _("%(name)s, version %(number)s") % {
            "name": self.text_template,
            "number": self.number,
        }

    @property
    def text(self) -> str:
        """Return the words that are reviewed."""
        return self.body

    @property
    def name(self) -> str:
        """Return what people call it."""
        return str(self.text_template)

    @property
    def thing(self) -> TextTemplate:
        """Return the text template this is a version of."""
        return self.text_template
