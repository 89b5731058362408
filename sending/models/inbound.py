"""What handsets send us (mobile originated): kept as it came, for an inbox to read."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InboundSegment(models.Model):
    """A deliver_sm that is no receipt. Rows are only ever added.

    It is one segment: `reference`, `segments` and `segment` say which of which message (3GPP TS
    23.040, 9.2.3.24), and are 0, 1 and 1 where the message has one segment. Which organization
    it is for is not known when it comes.
    """

    gateway_id = models.BigIntegerField()
    # As the gateway writes addresses: a number, a short code or letters.
    source = models.CharField(max_length=65)
    destination = models.CharField(max_length=65, blank=True)
    data_coding = models.PositiveSmallIntegerField()
    esm_class = models.PositiveSmallIntegerField()
    # With the user data header, where esm_class says that there is one.
    octets = models.BinaryField(max_length=65535)
    text = models.TextField(blank=True)
    reference = models.PositiveIntegerField(default=0)
    segments = models.PositiveSmallIntegerField(default=1)
    segment = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("inbound segment")
        verbose_name_plural = _("inbound segments")
        indexes = [
            models.Index(fields=["gateway_id", "source", "reference"], name="inbound_of_message"),
            models.Index(fields=["received_at"], name="inbound_at"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.segment}/{self.segments})"
