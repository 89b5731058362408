"""Each code that was sent for a verification, and whether the verification succeeded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import OrganizationQuerySet
from accounts.models.moment import MomentField
from accounts.sids import sid_of
from sending.models.verification import PREFIX_DIGITS, Verification
from sending.models.verification import SID as VERIFICATION
from sending.models.verify_service import SID as SERVICE
from sending.models.verify_service import VerifyService

SID = "VL"


class VerificationAttempt(models.Model):
    """One message with a code. Figures of conversion are counted from these rows."""

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    service = models.ForeignKey(
        VerifyService, models.CASCADE, related_name="attempts", db_index=False
    )
    verification = models.ForeignKey(Verification, models.CASCADE, related_name="attempts")
    message_id = models.BigIntegerField()
    country = models.CharField(max_length=2)
    prefix = models.CharField(max_length=PREFIX_DIGITS + 1)
    cost_micro = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    at = MomentField(_("at"), default=shared_time.now)
    converted_at = models.DateTimeField(_("converted at"), null=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt of a verification")
        verbose_name_plural = _("attempts of verifications")
        indexes = [
            models.Index(fields=["application_id", "-at"], name="attempt_of_application"),
            models.Index(fields=["service", "-at"], name="attempt_of_service"),
        ]

    def __str__(self) -> str:
        return self.sid

    @property
    def verification_sid(self) -> str:
        """Return the id of its verification, without reading that."""
        return sid_of(VERIFICATION, self.verification_id)

    @property
    def service_sid(self) -> str:
        """Return the id of its service, without reading that."""
        return sid_of(SERVICE, self.service_id)

    @property
    def sid(self) -> str:
        """Return its id, as programs know it."""
        return sid_of(SID, self.pk)
