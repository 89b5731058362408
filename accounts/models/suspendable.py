"""What an operator can suspend, so that nothing of it is sent: organizations and applications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Suspendable(models.Model):
    """Suspended while `suspended_at` is set. Write both fields by `accounts.actions` only."""

    suspended_at = models.DateTimeField(_("suspended since"), null=True, editable=False)
    # Shown to the organization.
    suspension_reason = models.CharField(
        _("reason of the suspension"), max_length=500, blank=True, default="", editable=False
    )

    class Meta:
        abstract = True

    @property
    def is_suspended(self) -> bool:
        """Tell whether an operator has suspended it."""
        return self.suspended_at is not None
