"""What is kept of a reviewer's decision on the row itself that was decided about."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.reasons import advice_of


class Decided(models.Model):
    """A row that a reviewer approves or rejects once; `actions/decision.py` writes the decision."""

    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # As accounts/reasons.py says; the same shape as in reviews of signatures and templates.
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    note = models.TextField(_("note to the submitter"), blank=True)
    by_own_organization = models.BooleanField(
        _("decided by a member of the organization"), default=False
    )

    class Meta:
        abstract = True

    def advice(self) -> list[str]:
        """Return what to do about each reason, in the reader's language."""
        return [advice_of(reason) for reason in self.reasons]
