"""A sending program of an organization, known outside by its SdkAppId."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet
from accounts.models.suspendable import Suspendable


def new_sdk_app_id() -> str:
    """Return ten digits that begin with 2400, as the reference product's international ids do."""
    return f"2400{secrets.randbelow(10**6):06d}"


class SmsApplication(Suspendable):
    """A sending program with its own limits; activation makes a default one."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="applications")
    name = models.CharField(_("name"), max_length=60)
    sdk_app_id = models.CharField(
        "SdkAppId", max_length=10, unique=True, default=new_sdk_app_id, editable=False
    )
    originator = models.CharField(
        _("originator"),
        max_length=20,
        blank=True,
        help_text=_("What handsets show as the sender. If empty, the gateway's own is used."),
    )
    is_enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return f"{self.name} ({self.sdk_app_id})"
