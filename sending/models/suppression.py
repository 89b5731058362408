"""Numbers that an organization must not send to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from sending.models.msisdn_field import MsisdnField

REASON_CHARS = 120


class Suppression(models.Model):
    """A number that gets nothing from the organization, whoever uploads or chooses it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="suppressions")
    msisdn = MsisdnField(_("mobile number"))
    reason = models.CharField(_("reason"), max_length=REASON_CHARS, blank=True)
    since = models.DateTimeField(_("since"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed number")
        verbose_name_plural = _("suppressed numbers")
        constraints = [
            models.UniqueConstraint(fields=["organization", "msisdn"], name="suppression_once"),
        ]

    def __str__(self) -> str:
        return self.msisdn
