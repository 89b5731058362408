"""Limits that a program sets on its own verifications, by what it tells: an address, a person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models.moment import MomentField
from accounts.sids import sid_of
from sending.models.verify_service import VerifyService

LIMIT_SID, BUCKET_SID = "RK", "BL"
UNIQUE_NAME_CHARS = 50
DESCRIPTION_CHARS = 100
MOST_MAX = 1_000_000
LONGEST_INTERVAL = 30 * 24 * 3600
"""Seconds."""


class VerifyRateLimit(models.Model):
    """A name under which programs tell a value with each code they ask for."""

    service = models.ForeignKey(VerifyService, models.CASCADE, related_name="rate_limits")
    unique_name = models.CharField(_("name"), max_length=UNIQUE_NAME_CHARS)
    description = models.CharField(_("description"), max_length=DESCRIPTION_CHARS, blank=True)
    created_at = MomentField(_("created at"), default=shared_time.now)
    updated_at = MomentField(_("changed at"), default=shared_time.now)

    class Meta:
        verbose_name = _("rate limit of a Verify service")
        verbose_name_plural = _("rate limits of Verify services")
        constraints = [
            models.UniqueConstraint(fields=["service", "unique_name"], name="verify_limit_once"),
        ]

    def __str__(self) -> str:
        return self.unique_name

    @property
    def sid(self) -> str:
        """Return its id, as programs know it."""
        return sid_of(LIMIT_SID, self.pk)


class VerifyBucket(models.Model):
    """At most `most` codes in `seconds` for each value of a rate limit."""

    rate_limit = models.ForeignKey(VerifyRateLimit, models.CASCADE, related_name="buckets")
    most = models.PositiveIntegerField(_("codes"))
    seconds = models.PositiveIntegerField(_("seconds"))
    created_at = MomentField(_("created at"), default=shared_time.now)
    updated_at = MomentField(_("changed at"), default=shared_time.now)

    class Meta:
        verbose_name = _("bucket of a rate limit")
        verbose_name_plural = _("buckets of rate limits")
        constraints = [
            models.UniqueConstraint(fields=["rate_limit", "seconds"], name="verify_bucket_once"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="verify_bucket_seconds"),
        ]

    def __str__(self) -> str:
        return f"{self.most} / {self.seconds} s"

    @property
    def sid(self) -> str:
        """Return its id, as programs know it."""
        return sid_of(BUCKET_SID, self.pk)


class VerifyRateUse(models.Model):
    """How many codes one value got until the end of its time; the value itself is a digest."""

    bucket = models.ForeignKey(VerifyBucket, models.CASCADE, related_name="+", db_index=False)
    value_digest = models.BigIntegerField()
    ends_at = models.DateTimeField()
    codes = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("use of a rate limit")
        verbose_name_plural = _("uses of rate limits")
        constraints = [
            models.UniqueConstraint(fields=["bucket", "value_digest"], name="verify_use_once"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="verify_use_ends")]

    def __str__(self) -> str:
        return f"{self.bucket_id} {self.codes}"
