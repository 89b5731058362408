"""What handsets send us (mobile originated): kept as it came, for an inbox to read."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InboundSegment(models.Model):
    """A deliver_sm that is no receipt, or what an HTTP gateway brought instead of one.

    It is one segment: `reference`, `segments` and `segment` say which of which message (3GPP TS
    23.040, 9.2.3.24), and are 0, 1 and 1 where the message has one segment. Which organization
    it is for is not known when it comes; `replies` finds out and puts whole texts together. What
    became an InboundMessage leaves, at once or as soon as nothing can repeat it; what belongs to
    nobody stays for operators until its time is over.
    """

    gateway_id = models.BigIntegerField()
    # As the gateway writes addresses: a number, a short code or letters.
    source = models.CharField(max_length=65)
    destination = models.CharField(max_length=65, blank=True)
    data_coding = models.PositiveSmallIntegerField()
    esm_class = models.PositiveSmallIntegerField()
    # With the user data header, where esm_class says that there is one; once done, a digest.
    octets = models.BinaryField(max_length=65535)
    text = models.TextField(blank=True)
    reference = models.PositiveIntegerField(default=0)
    segments = models.PositiveSmallIntegerField(default=1)
    segment = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField()
    # When it is to be looked at (again); empty when there is nothing more to do.
    due_at = models.DateTimeField(null=True)
    # It is part of a reply; a repetition of it is known by its octets.
    done_at = models.DateTimeField(null=True)
    # No organization had sent anything to its source when it came.
    unassigned_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("inbound segment")
        verbose_name_plural = _("inbound segments")
        indexes = [
            models.Index(fields=["gateway_id", "source", "reference"], name="inbound_of_message"),
            models.Index(fields=["received_at"], name="inbound_at"),
            models.Index(
                fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="inbound_due"
            ),
            models.Index(
                fields=["-id"], condition=Q(unassigned_at__isnull=False), name="inbound_unassigned"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.segment}/{self.segments})"
