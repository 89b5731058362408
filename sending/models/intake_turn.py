"""Whose file is read next: one row an organization."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization


class IntakeTurn(models.Model):
    """When the console last began to read a file of an organization.

    Who waited longest since then is next. Its lock lets workers decide one after the other.
    """

    organization = models.OneToOneField(
        Organization, models.CASCADE, primary_key=True, related_name="+"
    )
    began_at = models.DateTimeField(_("began to read"), null=True, blank=True)

    class Meta:
        verbose_name = _("turn of an organization")
        verbose_name_plural = _("turns of organizations")

    def __str__(self) -> str:
        return str(self.organization)

    @classmethod
    def locked(cls, organization_id: int) -> Self:
        """Return the row, locked until the transaction ends."""
        cls.objects.get_or_create(organization_id=organization_id)
        return cls.objects.select_for_update().get(pk=organization_id)

    def begin(self, at: datetime) -> None:
        """Note that a file of the organization is being read."""
        self.began_at = at
        self.save(update_fields=["began_at"])
