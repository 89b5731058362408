"""Where an application is called back, how that goes, and who does it just now."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import OrganizationQuerySet
from accounts.models.moment import MomentField

LARGEST_BATCH = 100


class CallbackEndpoint(models.Model):
    """One URL of an application: that for delivery reports or that for replies.

    Whoever holds the lease sends to it, nobody else; a lease that has run out is free. The URL
    itself stands at the application and is read for every POST.
    """

    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    kind = models.CharField(max_length=6)
    next_attempt_at = MomentField(default=shared_time.now)
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, blank=True)
    # How many POSTs there were; each says its own number.
    sequence = models.PositiveBigIntegerField(default=0)
    # How many events the next POST may have: fewer after one that was refused as a whole.
    batch_size = models.PositiveSmallIntegerField(default=LARGEST_BATCH)
    # POSTs in a row that did not succeed, and since when.
    failures = models.PositiveIntegerField(default=0)
    down_since = models.DateTimeField(null=True)
    # The last POST: when it ended, what was answered, and what was wrong with it.
    attempted_at = models.DateTimeField(null=True)
    answer_status = models.PositiveSmallIntegerField(null=True)
    answer_ms = models.PositiveIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback endpoint")
        verbose_name_plural = _("callback endpoints")
        constraints = [
            models.UniqueConstraint(
                fields=["application_id", "kind"], name="callback_endpoint_once"
            ),
        ]
        indexes = [models.Index(fields=["next_attempt_at"], name="callback_endpoint_next")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"
