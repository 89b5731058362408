"""The outbox of SMPP: receipts and replies that a client is still to be given."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import OrganizationQuerySet
from sending.models.choices import message_state_choices


class OutboxKind(models.TextChoices):
    """What is delivered."""

    RECEIPT = "RECEIPT", _("Delivery receipt")
    REPLY = "REPLY", _("Reply")


class SmppReceiptQuerySet(OrganizationQuerySet):
    """What clients are to be given."""

    def waiting(self) -> Self:
        """Return what is still delivered."""
        return self.filter(dead_at=None)

    def dead(self) -> Self:
        """Return what clients refused for good; people can push it again."""
        return self.filter(dead_at__isnull=False)


class SmppReceipt(models.Model):
    """A deliver_sm that a client owes an answer to. The row goes when it answers ESME_ROK.

    It holds no number and no text: they are read when it is delivered. Those of one message go
    by the same bind, in the order of their ids.
    """

    organization_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=7, choices=OutboxKind, default=OutboxKind.RECEIPT.value)
    # The SmppPart of a receipt, the InboundMessage of a reply.
    subject_id = models.BigIntegerField()
    # What must keep its order: the message, or the reply itself.
    message_id = models.BigIntegerField()
    state = models.CharField(_("state"), max_length=13, choices=message_state_choices, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True, default="")
    at = models.DateTimeField(_("at"))
    # Not before then: a server that has it in hand puts it off for as long.
    due_at = models.DateTimeField(_("next attempt"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    dead_at = models.DateTimeField(_("given up at"), null=True)
    # The last answer, as the hexadecimal digits of its command_status, or why there was none.
    error = models.CharField(_("last error"), max_length=40, blank=True, default="")

    objects = SmppReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt for a client")
        verbose_name_plural = _("receipts for clients")
        indexes = [
            models.Index(
                fields=["account_id", "id"], condition=Q(dead_at=None), name="smpp_receipt_waiting"
            ),
            models.Index(
                fields=["account_id", "-id"],
                condition=Q(dead_at__isnull=False),
                name="smpp_receipt_dead",
            ),
            models.Index(fields=["subject_id"], name="smpp_receipt_subject"),
            models.Index(fields=["at"], name="smpp_receipt_at"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.state}"
