"""What the guard stops for a while, and the messages that wait for its end."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet


class GuardBlock(models.Model):
    """A block of numbers, a country or an address that is stopped until some moment, always one.

    At most one row for each rule and thing, which a repeat prolongs.
    """

    organization_id = models.BigIntegerField()
    rule = models.CharField(_("rule"), max_length=4)
    # guard.rules.names.Dimension
    dimension = models.CharField(max_length=3)
    # The digits of a block, an ISO 3166 code, or a digest of an address.
    bucket = models.CharField(max_length=20)
    shown = models.CharField(_("shown as"), max_length=64)
    # HOLD, BLOCK or CHALLENGE.
    action = models.CharField(_("action"), max_length=9)
    counted = models.BigIntegerField(_("counted"), default=0)
    threshold = models.BigIntegerField(_("threshold"), default=0)
    # How often it was stopped lately: each time twice as long.
    times = models.PositiveSmallIntegerField(_("times"), default=1)
    started_at = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))
    # Where a person made it.
    created_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("block of the guard")
        verbose_name_plural = _("blocks of the guard")
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "dimension", "bucket", "rule"], name="guard_block_once"
            ),
        ]
        indexes = [models.Index(fields=["until"], name="guard_block_until")]

    def __str__(self) -> str:
        return f"{self.rule} {self.shown}"


class GuardHold(models.Model):
    """A message that was accepted and waits: released until its end, or blocked then."""

    message_id = models.BigIntegerField(primary_key=True)
    organization_id = models.BigIntegerField()
    application_id = models.BigIntegerField()
    rule = models.CharField(_("rule"), max_length=4)
    # The block of 1,000 of its number; whatever holds more is found by the digits before.
    block = models.BigIntegerField()
    country = models.CharField(_("country"), max_length=2)
    until = models.DateTimeField(_("until"))
    # Of its batch, far behind the end of the hold: nothing leaves by itself.
    batch_due_at = models.DateTimeField()
    # When it was released, or blocked at the end.
    over_at = models.DateTimeField(_("over at"), null=True)
    is_released = models.BooleanField(_("released"), default=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("held message")
        verbose_name_plural = _("held messages")
        indexes = [
            models.Index(
                fields=["organization_id", "block"],
                condition=Q(over_at=None),
                name="guard_hold_block",
            ),
            models.Index(fields=["until"], condition=Q(over_at=None), name="guard_hold_until"),
        ]

    def __str__(self) -> str:
        return str(self.message_id)
