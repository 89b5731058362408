"""The right of an organization to send texts that no reviewer has approved."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.lifecycle import Lane
from sending.models.choices import lane_choices
from templates_app.models import TextTemplateVersion

LEARNING_DAYS = 7


class FreeTextRight(models.Model):
    """What an operator granted, at most one at a time: for good, or learning mode with its end.

    In learning mode texts that match no text template are also kept as unmatched texts, so that
    their organization can submit them as text templates before it ends.
    """

    organization = models.OneToOneField(
        Organization, models.CASCADE, primary_key=True, related_name="free_text_right"
    )
    # Messages must name a wording; this one is `{1}` (templates_app/actions/free_text.py).
    version = models.ForeignKey(TextTemplateVersion, models.PROTECT, related_name="+")
    lane = models.CharField(_("lane"), max_length=4, choices=lane_choices, default=Lane.API.value)
    links_allowed = models.BooleanField(_("may hold links"), default=False)
    is_learning = models.BooleanField(_("learning mode"), default=False)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = MomentField(_("granted at"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("right to free text")
        verbose_name_plural = _("rights to free text")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_learning=False) | Q(until__isnull=False),
                name="free_text_learning_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organization_id)

    def holds(self, now: datetime) -> bool:
        """Tell whether it is in force."""
        return self.until is None or now < self.until

    @staticmethod
    def learning_end(now: datetime) -> datetime:
        """Return when learning mode ends that is granted now."""
        return now + timedelta(days=LEARNING_DAYS)
