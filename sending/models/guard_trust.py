"""Whom the guard lets pass: numbers that proved themselves, and what people allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField

REASON_CHARS = 200


class GuardTrust(models.Model):
    """A number of which a code was entered: trusted for some time, without keeping the number."""

    organization_id = models.BigIntegerField()
    number_digest = models.BigIntegerField()
    until = models.DateTimeField(_("until"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted number")
        verbose_name_plural = _("trusted numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "number_digest"], name="guard_trust_once"
            ),
        ]
        indexes = [models.Index(fields=["until"], name="guard_trust_until")]

    def __str__(self) -> str:
        return str(self.pk)


class GuardAllow(models.Model):
    """A person said that the guard lets this pass, why, and until when."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="guard_allows")
    # NUMBER, RANGE, COUNTRY, NETWORK or KEY (guard.rules.names).
    kind = models.CharField(_("kind"), max_length=8)
    # A digest, the digits of a block of 1,000, an ISO 3166 code, a CIDR network, an id of a key.
    value = models.CharField(_("value"), max_length=64)
    # What people read: of a number only some digits.
    shown = models.CharField(_("shown as"), max_length=64)
    reason = models.CharField(_("reason"), max_length=REASON_CHARS)
    created_by_id = models.BigIntegerField(null=True)
    created_at = MomentField(_("created at"), auto_now_add=True)
    until = models.DateTimeField(_("until"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allow rule")
        verbose_name_plural = _("allow rules")
        indexes = [
            models.Index(fields=["organization", "until"], name="guard_allow_until"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.shown}"
