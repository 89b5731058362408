"""Whether a gateway is given messages just now, and which messages another one took over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models.moment import MomentField
from sending.models.gateway import Gateway


class Circuit(models.Model):
    """The circuit of one gateway: CLOSED lets messages pass, OPEN none, HALF_OPEN one at a time.

    Only `delivery.queue.circuit_breaker` changes it. Not a column of the gateway: senders begin
    anew when one of those changes.
    """

    class State(models.TextChoices):
        CLOSED = "CLOSED", _("Closed")
        OPEN = "OPEN", _("Open")
        HALF_OPEN = "HALF_OPEN", _("Half open")

    class Cause(models.TextChoices):
        """What opened it."""

        REFUSED = "REFUSED", _("refused submissions")
        UNANSWERED = "UNANSWERED", _("submissions without an answer")
        UNBOUND = "UNBOUND", _("failed connections")
        NO_RECEIPTS = "NO_RECEIPTS", _("missing receipts")

    gateway = models.OneToOneField(
        Gateway, models.CASCADE, primary_key=True, related_name="circuit"
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.CLOSED)
    cause = models.CharField(_("cause"), max_length=11, choices=Cause, blank=True)
    # Of `looked_at` events the cause is true for `failed`.
    failed = models.PositiveIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    changed_at = MomentField(default=shared_time.now)
    # When an open circuit lets the next message pass to see how it fares.
    probe_at = models.DateTimeField(null=True)
    # Probes in a row that failed.
    failed_probes = models.PositiveSmallIntegerField(default=0)
    # The newest receipt of the gateway, to the minute; empty when it never brought one.
    receipt_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("circuit")
        verbose_name_plural = _("circuits")

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class CircuitCount(models.Model):
    """How some submissions to one gateway ended: insert-only, kept for minutes.

    Circuits are judged by sums of these, so that all workers judge alike.
    """

    gateway_id = models.BigIntegerField()
    at = models.DateTimeField()
    # Messages: answered (yes, no, or too fast), refused temporarily, written and not answered.
    answered = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0)
    # Of the answered ones those accepted whole; receipts that came for whichever message.
    accepted = models.PositiveIntegerField(default=0)
    receipts = models.PositiveIntegerField(default=0)
    # Connections that could not be made.
    unbound = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("circuit count")
        verbose_name_plural = _("circuit counts")
        indexes = [models.Index(fields=["at"], name="circuitcount_at")]

    def __str__(self) -> str:
        return f"{self.gateway_id} {self.at}"


class FailoverRecord(models.Model):
    """Queued messages that the next gateway of their route took over. Insert-only."""

    from_gateway_id = models.BigIntegerField()
    to_gateway_id = models.BigIntegerField()
    # STOPPED, CIRCUIT_OPEN, PROBE, or the code with which the gateway refused temporarily.
    reason = models.CharField(_("reason"), max_length=40)
    messages = models.PositiveIntegerField(_("messages"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("failover")
        verbose_name_plural = _("failovers")
        indexes = [models.Index(fields=["at"], name="failover_at")]

    def __str__(self) -> str:
        return f"{self.from_gateway_id} → {self.to_gateway_id}: {self.messages}"
