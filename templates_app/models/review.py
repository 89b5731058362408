"""A decision about one version: by whom, when, why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from templates_app.models.signature import SignatureVersion
from templates_app.models.text_template import TextTemplateVersion


class Review(models.Model):
    """One decision. Rows are only ever added."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    signature_version = models.ForeignKey(
        SignatureVersion, models.CASCADE, related_name="reviews", null=True, blank=True
    )
    text_template_version = models.ForeignKey(
        TextTemplateVersion, models.CASCADE, related_name="reviews", null=True, blank=True
    )
    approved = models.BooleanField(_("approved"))
    # As accounts/reasons.py says.
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    note = models.TextField(_("note to the submitter"), blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer")
    )
    of_appeal = models.BooleanField(_("on an appeal"), default=False)
    by_own_organization = models.BooleanField(_("own organization"), default=False)
    at = MomentField(_("at"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(signature_version=None) ^ Q(text_template_version=None),
                name="review_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signature_version or self.text_template_version}"
