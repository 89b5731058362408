"""A sending program of an organization, known outside by its SdkAppId, and its limits."""

import secrets
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.contact import Contact
from accounts.models.encrypted import EncryptedTextField
from accounts.models.moment import MomentField
from accounts.models.organization import Organization
from accounts.models.organization_queryset import OrganizationQuerySet
from accounts.models.suspendable import Suspendable
from accounts.originators import validate_originator
from accounts.sids import ACCOUNT, MESSAGING_SERVICE, sid_of


class CallbackDialect(StrEnum):
    """In whose words callbacks of an application are written."""

    TENCENT = "TENCENT"
    TWILIO = "TWILIO"


callback_dialect_choices = [
    (CallbackDialect.TENCENT.value, _("JSON, as Tencent Cloud SMS sends it")),
    (CallbackDialect.TWILIO.value, _("Forms, as Twilio sends them")),
]

MOST_APPLICATIONS = 100
"""Of one organization."""
_SECRET_BYTES = 32
_is_web_address = URLValidator(
    schemes=["http", "https"],
    message=_("Enter a URL that begins with https:// or http://."),
)


def new_sdk_app_id() -> str:
    """Return ten digits that begin with 2400, as the reference product's international ids do."""
    return f"2400{secrets.randbelow(10**6):06d}"


def new_callback_secret() -> str:
    """Return what callbacks are signed with: 256 bits that fit into a URL."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def validate_callback_url(url: str) -> None:
    """Refuse what is no web address; where it may lead is asked when it is connected to."""
    _is_web_address(url)
    parts = urlsplit(url)
    try:
        parts.port  # noqa: B018 - reading it is the check.
    except ValueError:
        raise ValidationError(
            _("The port after the colon must be a number up to 65535."), code="callback_url_port"
        ) from None
    if "@" in parts.netloc:
        raise ValidationError(
            _("Leave name and password out of the URL. Callbacks are signed instead."),
            code="callback_url_password",
        )


_ApplicationManager = models.Manager.from_queryset(OrganizationQuerySet)


class SmsApplicationManager(_ApplicationManager):
    """Reads the secret of callbacks only where somebody asks for it.

    So it lies in the memory of few, and one that no key reads any more stops nothing but callbacks.
    """

    def get_queryset(self) -> Any:
        """Return all applications, without their secrets."""
        return super().get_queryset().defer("callback_secret")


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
        validators=[validate_originator],
        help_text=_(
            "What handsets show as the sender. It must be an approved originator of the "
            "organization."
        ),
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
        _("callback URL for delivery reports"),
        max_length=500,
        blank=True,
        validators=[validate_callback_url],
    )
    reply_callback_url = models.URLField(
        _("callback URL for replies"),
        max_length=500,
        blank=True,
        validators=[validate_callback_url],
    )
    callback_secret = EncryptedTextField(blank=True, editable=False)
    callback_dialect = models.CharField(
        _("form of callbacks"),
        max_length=7,
        choices=callback_dialect_choices,
        default=CallbackDialect.TENCENT.value,
        db_default=CallbackDialect.TENCENT.value,
    )
    alarm_contacts = models.ManyToManyField(
        Contact, blank=True, related_name="+", verbose_name=_("alarm contacts")
    )
    # The organization's days (yyyymmdd) of the newest alarm mails: one of each kind a day.
    alarm_told_day = models.PositiveIntegerField(default=0, editable=False)
    limit_told_day = models.PositiveIntegerField(default=0, editable=False)
    created_at = MomentField(_("created at"), auto_now_add=True)

    objects = SmsApplicationManager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return f"{self.name} ({self.sdk_app_id})"

    @property
    def account_sid(self) -> str:
        """Return its name to programs on the SDKs of Twilio, AC and 32 digits."""
        return sid_of(ACCOUNT, self.pk)

    @property
    def service_sid(self) -> str:
        """Return its name as a messaging service, MG and 32 digits."""
        return sid_of(MESSAGING_SERVICE, self.pk)

    @property
    def has_callback_secret(self) -> bool:
        """Tell whether there is one, readable or not."""
        kept = SmsApplication.objects.filter(pk=self.pk)
        return bool(kept.exclude(callback_secret="").exists())

    @property
    def segments_a_day(self) -> int:
        """Return the limit that holds: its own, and never more than its organization's."""
        most: int = self.organization.daily_segment_limit
        return most if self.daily_segment_limit is None else min(self.daily_segment_limit, most)


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
