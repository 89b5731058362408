"""Something that the guard stopped again and again: told once, and once more when it is over."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet


class GuardIncident(models.Model):
    """All that one rule stopped of an organization in one country, until nothing comes any more."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="guard_incidents")
    rule = models.CharField(_("rule"), max_length=4)
    country = models.CharField(_("country"), max_length=2, blank=True)
    started_at = models.DateTimeField(_("since"))
    last_at = models.DateTimeField(_("last"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    # Messages that were stopped, and what they would have cost.
    stopped = models.PositiveIntegerField(_("stopped"), default=0)
    saved_micro = models.BigIntegerField(_("cost saved, millionths"), default=0)
    # {subject: messages} of the largest.
    subjects = models.JSONField(_("subjects"), default=dict)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident of the guard")
        verbose_name_plural = _("incidents of the guard")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "rule", "country"],
                condition=Q(ended_at=None),
                name="guard_incident_open",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-started_at"], name="guard_incident_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.country}"
