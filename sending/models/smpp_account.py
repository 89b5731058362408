"""A login by which a program binds to the console over SMPP, and what holds for it."""

import secrets
import string
from datetime import tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization, OrganizationQuerySet, SmsApplication
from accounts.models.moment import MomentField
from accounts.originators import validate_originator

_ALPHABET = string.ascii_letters + string.digits
PASSWORD_CHARS = 8
"""SMPP 3.4, 4.1: eight octets and a NUL; clients cut off what is longer, and say nothing."""
# data_coding of SMPP 3.4, 5.2.19.
_GSM, _LATIN_1 = 0, 3
MOST_SMPP_ACCOUNTS = 20
"""Of one application."""


class DefaultCoding(models.TextChoices):
    """What a client means by data_coding 0: the default alphabet of the message centre."""

    GSM = "GSM", _("GSM 7-bit, one character an octet")
    LATIN_1 = "LATIN_1", "Latin-1"


class ReceiptsOf(models.TextChoices):
    """Which segments of a long text get a receipt, among those that asked for one."""

    EACH_PART = "EACH_PART", _("Each segment that asks for one")
    LAST_PART = "LAST_PART", _("Only the last segment that asks for one")


def new_password() -> str:
    """Return eight letters and digits: 47 bits, which is all that SMPP has space for."""
    return "".join(secrets.choice(_ALPHABET) for _nth in range(PASSWORD_CHARS))


class SmppAccount(models.Model):
    """A login of an application. Its password is shown once and kept as a hash.

    A password of eight characters is not enough by itself: an account binds from its
    `allowed_networks` (CIDR), or over TLS where it has none.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="smpp_accounts")
    application = models.ForeignKey(SmsApplication, models.CASCADE, related_name="smpp_accounts")
    name = models.CharField(_("name"), max_length=60, blank=True)
    system_id = models.CharField(
        "system_id",
        max_length=15,
        unique=True,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9_-]{1,15}\Z",
                _("Use 1 to 15 letters, digits, hyphens and underscores."),
            )
        ],
    )
    password = models.CharField(max_length=128, editable=False)
    # Set while a password is replaced: until then it works beside the new one.
    earlier_password = models.CharField(max_length=128, blank=True, default="", editable=False)
    earlier_until = models.DateTimeField(null=True, editable=False)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    allowed_networks = models.JSONField(_("allowed addresses"), default=list, blank=True)
    requires_tls = models.BooleanField(_("binds only over TLS"), default=False)
    # SHA-256 of the certificate (DER) that its client shows over TLS, in 64 hexadecimal digits.
    certificate_sha256 = models.CharField(
        _("fingerprint of the client's certificate"), max_length=64, blank=True, default=""
    )
    most_binds = models.PositiveSmallIntegerField(
        _("binds at the same time"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    most_transmitters = models.PositiveSmallIntegerField(
        _("of these, binds that submit"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    # submit_sm that may wait for their answer on a bind; so many deliver_sm may wait for the
    # client's, too.
    window = models.PositiveSmallIntegerField(
        _("window"), default=10, validators=[MinValueValidator(1), MaxValueValidator(1_000)]
    )
    rate = models.PositiveSmallIntegerField(
        _("submit_sm a second"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("Over all binds of the account."),
    )
    default_coding = models.CharField(
        _("meaning of data_coding 0"),
        max_length=7,
        choices=DefaultCoding,
        default=DefaultCoding.GSM.value,
    )
    names_templates = models.BooleanField(
        _("the client names text templates"),
        default=False,
        help_text=_("By {tpl:ID} in front of the text, or by the TLV 0x1401."),
    )
    uses_plain_statuses = models.BooleanField(
        _("standard statuses only"),
        default=False,
        help_text=_("For clients that disconnect at statuses which SMPP 3.4 does not list."),
    )
    tells_reasons = models.BooleanField(
        _("reasons in answers"),
        default=False,
        help_text=_(
            "Not for smpplib and aiosmpplib, which cannot read additional_status_info_text."
        ),
    )
    originator = models.CharField(
        _("originator"),
        max_length=20,
        blank=True,
        validators=[validate_originator],
        help_text=_("Where a client gives none. If empty, that of the application."),
    )
    replaces_originators = models.BooleanField(
        _("send with this originator whatever the client gives"), default=False
    )
    receipts_of = models.CharField(
        _("receipts of long texts"),
        max_length=9,
        choices=ReceiptsOf,
        default=ReceiptsOf.EACH_PART.value,
    )
    receipt_zone = models.CharField(
        _("time zone of dates in receipts"), max_length=40, default="UTC"
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days that receipts wait for the client"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    gets_replies = models.BooleanField(_("gets replies to its application"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True
    )
    created_at = MomentField(_("created at"), auto_now_add=True)
    # Since somebody was told that its receipts wait and nothing receives them; null again after.
    told_waiting_at = models.DateTimeField(null=True, editable=False)
    last_bound_at = models.DateTimeField(_("last bound"), null=True, editable=False)
    last_bound_address = models.GenericIPAddressField(
        _("last bound from"), null=True, editable=False
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("SMPP account")
        verbose_name_plural = _("SMPP accounts")

    def __str__(self) -> str:
        return self.system_id

    @property
    def label(self) -> str:
        """Return what people call it: its name, or its system_id."""
        return self.name or self.system_id

    @property
    def octets_of_0(self) -> int:
        """Return the data_coding that says what this client means by 0."""
        return _LATIN_1 if self.default_coding == DefaultCoding.LATIN_1.value else _GSM

    @property
    def zone(self) -> tzinfo:
        """Return the time zone of dates in its receipts."""
        return ZoneInfo(self.receipt_zone)

    @property
    def is_guarded(self) -> bool:
        """Tell whether anything but its password keeps others out."""
        return self.requires_tls or bool(self.allowed_networks)

    def renew_password(self) -> str:
        """Set a new password and return it, to be shown once; the caller saves."""
        password = new_password()
        self.password = make_password(password)
        return password

    def has_password(self, given: str) -> bool:
        """Tell whether this is its whole password; it costs the time of a hash.

        The one before it costs another hash, for as long as it works.
        """
        if check_password(given, self.password):
            return True
        still_works = self.earlier_until is not None and self.earlier_until > shared_time.now()
        return still_works and check_password(given, self.earlier_password)
