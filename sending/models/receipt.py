"""Delivery receipts: the inbox that is committed before we acknowledge, and what was applied."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.models.choices import said_by_choices


class ReceiptInbox(models.Model):
    """A receipt as it came; leaves when it is applied, waits when its submission is not known."""

    gateway_id = models.BigIntegerField()
    gateway_message_id = models.CharField(max_length=65)
    msisdn = models.CharField(max_length=16, blank=True)
    # SMPP 3.4, 5.2.28 message_state by name.
    message_state = models.CharField(max_length=13)
    error = models.CharField(max_length=40, blank=True)
    said_by = models.CharField(max_length=7, choices=said_by_choices)
    raw = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()

    class Meta:
        verbose_name = _("receipt waiting")
        verbose_name_plural = _("receipts waiting")
        indexes = [models.Index(fields=["next_try_at", "id"], name="receipt_inbox_due")]

    def __str__(self) -> str:
        return f"{self.gateway_message_id} {self.message_state}"


class DeliveryReceipt(models.Model):
    """A receipt and the message it spoke of. Rows are only ever added."""

    organization_id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    gateway_id = models.BigIntegerField()
    segment = models.PositiveSmallIntegerField(default=1)
    gateway_message_id = models.CharField(max_length=65)
    message_state = models.CharField(max_length=13)
    error = models.CharField(max_length=40, blank=True)
    said_by = models.CharField(max_length=7, choices=said_by_choices)
    raw = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery receipt")
        verbose_name_plural = _("delivery receipts")
        indexes = [models.Index(fields=["message_id"], name="receipt_of_message")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.message_state}"
