"""A sending program of an organization, known outside by its SdkAppId, and its limits."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.contact import Contact
from accounts.models.encrypted import EncryptedTextField
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
    description = models.CharField(_("description"), max_length=200, blank=True)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    # Limits of its own, beside those of the organization; empty means none.
    daily_segment_limit = models.PositiveIntegerField(
        _("segments a day"),
        null=True,
        blank=True,
        help_text=_("If empty, only the limit of the organization holds."),
    )
    daily_alarm_segments = models.PositiveIntegerField(
        _("alarm at segments a day"),
        null=True,
        blank=True,
        help_text=_("The alarm contacts are told once a day."),
    )
    # How often one number may get something; these hold for what programs send.
    repeat_seconds = models.PositiveSmallIntegerField(
        _("seconds between equal texts to a number"), default=30, help_text=_("0 means no limit.")
    )
    number_hourly_limit = models.PositiveSmallIntegerField(
        _("messages an hour to a number"), null=True, blank=True
    )
    number_daily_limit = models.PositiveSmallIntegerField(
        _("messages a day to a number"), null=True, blank=True
    )
    limits_one_time_passwords = models.BooleanField(
        _("these limits hold for one-time passwords too"), default=True
    )
    callback_url = models.URLField(
        _("callback URL for delivery reports"), max_length=500, blank=True
    )
    reply_callback_url = models.URLField(_("callback URL for replies"), max_length=500, blank=True)
    callback_secret = EncryptedTextField(blank=True, editable=False)
    alarm_contacts = models.ManyToManyField(
        Contact, blank=True, related_name="+", verbose_name=_("alarm contacts")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return f"{self.name} ({self.sdk_app_id})"


class ApplicationCountry(models.Model):
    """A country that an application may send to; without any, all of its organization's."""

    application = models.ForeignKey(SmsApplication, models.CASCADE, related_name="countries")
    country = models.CharField(_("country"), max_length=2)
    daily_segment_limit = models.PositiveIntegerField(_("segments a day"), null=True, blank=True)

    class Meta:
        verbose_name = _("country of an application")
        verbose_name_plural = _("countries of applications")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "country"], name="application_country_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.country}"
