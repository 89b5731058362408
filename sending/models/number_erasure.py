"""That somebody's data is to be erased, and what came of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.models.msisdn_field import MsisdnField


class NumberErasureQuerySet(OrganizationQuerySet):
    """Erasures, and those that something must not overtake."""

    def waiting(self, organization_id: int) -> Self:
        """Return those in an organization that are not over, and those in all organizations."""
        of_own_or_all = models.Q(organization=organization_id) | models.Q(organization=None)
        return self.filter(of_own_or_all, finished_at=None)


class NumberErasure(models.Model):
    """The erasure of all that is known about a number: in one organization, or in all.

    It waits for messages that are on their way. Then the number itself leaves it too.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="+", null=True, blank=True
    )
    msisdn = MsisdnField(_("mobile number"), blank=True)
    # Lets people who know the number find its erasure.
    digest = models.CharField(max_length=16)
    # {"messages": 3, …}: what was erased so far.
    counts = models.JSONField(default=dict, blank=True)
    # Messages that still have to come to their end.
    in_flight = models.PositiveIntegerField(_("on their way"), default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    requested_at = MomentField(_("requested at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = NumberErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure of a number")
        verbose_name_plural = _("erasures of numbers")
        # Every request of a program asks for those that wait.
        indexes = [
            models.Index(
                fields=["organization"],
                condition=models.Q(finished_at=None),
                name="number_erasure_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.digest
