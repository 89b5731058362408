"""Who is bound over SMPP just now, and who tried in vain."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import OrganizationQuerySet
from accounts.models.moment import MomentField
from sending.models.smpp_account import SmppAccount

# Servers show their binds every five seconds; one that was silent for longer is gone.
LIVE = timedelta(seconds=20)


class BindType(models.TextChoices):
    """What a client may do on a connection (SMPP 3.4, 2.3)."""

    TRANSMITTER = "TX", _("Submits")
    RECEIVER = "RX", _("Receives")
    TRANSCEIVER = "TRX", _("Submits and receives")


class SmppBindQuerySet(OrganizationQuerySet):
    """Binds, those of servers that died included."""

    def live(self) -> Self:
        """Return those whose server showed itself lately."""
        return self.filter(seen_at__gte=shared_time.now() - LIVE)

    def receiving(self) -> Self:
        """Return those that receipts and replies can go to."""
        return self.exclude(bind_type=BindType.TRANSMITTER.value)


class SmppBind(models.Model):
    """A client that is bound; its server shows it every few seconds, and takes the row away."""

    organization_id = models.BigIntegerField()
    account = models.ForeignKey(SmppAccount, models.CASCADE, related_name="binds")
    # The process of the server.
    instance = models.CharField(max_length=80)
    bind_type = models.CharField(_("type"), max_length=3, choices=BindType)
    address = models.GenericIPAddressField(_("from"))
    is_tls = models.BooleanField("TLS", default=False)
    # As the client said: 0x33, 0x34, 0x50, or anything.
    interface_version = models.PositiveSmallIntegerField(default=0)
    system_type = models.CharField("system_type", max_length=13, blank=True)
    since = MomentField(_("since"), default=shared_time.now)
    seen_at = MomentField(_("last seen"), default=shared_time.now)
    # The last PDU of the client.
    heard_at = MomentField(_("last heard"), default=shared_time.now)
    # submit_sm of the last second that was measured, and those that wait for our answer now.
    rate = models.PositiveIntegerField(_("submit_sm a second"), default=0)
    in_window = models.PositiveIntegerField(_("in the window"), default=0)
    submitted = models.PositiveBigIntegerField(_("submitted"), default=0)
    refused = models.PositiveBigIntegerField(_("refused"), default=0)
    throttled = models.PositiveBigIntegerField(_("throttled"), default=0)
    delivered = models.PositiveBigIntegerField(_("delivered to the client"), default=0)
    # deliver_sm that the client has not answered.
    undelivered = models.PositiveIntegerField(_("not answered by the client"), default=0)
    last_acknowledged_at = models.DateTimeField(_("last answered by the client"), null=True)

    objects = SmppBindQuerySet.as_manager()

    class Meta:
        verbose_name = _("SMPP bind")
        verbose_name_plural = _("SMPP binds")
        indexes = [models.Index(fields=["instance"], name="smpp_bind_instance")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.bind_type} {self.address}"

    @property
    def receives(self) -> bool:
        """Tell whether receipts and replies can go to it."""
        return self.bind_type != BindType.TRANSMITTER.value

    @property
    def is_live(self) -> bool:
        """Tell whether its server showed it lately."""
        return self.seen_at >= shared_time.now() - LIVE


class SmppLockOut(models.Model):
    """Failed binds, by address and system_id; while it is locked none is looked at."""

    address = models.GenericIPAddressField(_("from"))
    # As it was given; it need not be that of an account.
    system_id = models.CharField("system_id", max_length=15)
    organization_id = models.BigIntegerField(null=True)
    account = models.ForeignKey(
        SmppAccount, models.CASCADE, related_name="lock_outs", null=True, blank=True
    )
    failures = models.PositiveIntegerField(_("failures"), default=0)
    # Why the last one failed: PASSWORD, ADDRESS, TLS, DISABLED, TOO_MANY_BINDS, ….
    reason = models.CharField(_("reason"), max_length=20)
    failed_at = models.DateTimeField(_("last failed"))
    locked_until = models.DateTimeField(_("locked until"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("SMPP lock-out")
        verbose_name_plural = _("SMPP lock-outs")
        constraints = [
            models.UniqueConstraint(fields=["address", "system_id"], name="smpp_lock_out_once"),
        ]
        indexes = [models.Index(fields=["failed_at"], name="smpp_lock_out_at")]

    def __str__(self) -> str:
        return f"{self.address} {self.system_id}"
