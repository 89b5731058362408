"""A configured login at a carrier, its bind slots, and the routes that lead to it."""

import re
import secrets
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.encrypted import EncryptedTextField
from accounts.models.organization import validate_time_zone
from sending.gateways.http.rules import EACH
from sending.gateways.http.settings import ONE_PART
from sending.gateways.registry import KINDS


def new_receipt_secret() -> str:
    """Return what nobody can guess and an address can carry."""
    return secrets.token_urlsafe(24)


def validate_statuses(text: str) -> None:
    """Refuse a list in which something is no command_status."""
    try:
        values = read_statuses(text)
    except ValueError:
        values = frozenset({-1})
    if not all(0 < value < 2**32 for value in values):
        raise ValidationError(
            _("Write values of command_status with commas, such as 0x410, 1042."), code="statuses"
        )


def read_statuses(text: str) -> frozenset[int]:
    """Return the values of a list, decimal or 0x…; raise ValueError."""
    return frozenset(int(word, 0) for word in re.split(r"[\s,;]+", text) if word)


class Gateway(models.Model):
    """A login at a carrier or aggregator."""

    class Kind(models.TextChoices):
        SMPP = "smpp", _("SMPP 3.4")
        HTTP = "http", _("HTTP")

    class Mode(models.TextChoices):
        ACTIVE = "active", _("Active")
        DRAINING = "draining", _("Draining: finishes what is queued, takes nothing new")
        STOPPED = "stopped", _("Stopped")

    class IdFormat(models.TextChoices):
        AS_IS = "as_is", _("As the gateway writes it")
        DECIMAL = "decimal", _("Decimal in both places, leading zeros vary")
        HEXADECIMAL = "hexadecimal", _("Hexadecimal in both places, case and leading zeros vary")
        HEX_TO_DECIMAL = "hex_to_decimal", _("Hexadecimal in submit_sm_resp, decimal in receipts")
        DECIMAL_TO_HEX = "decimal_to_hex", _("Decimal in submit_sm_resp, hexadecimal in receipts")

    class BindMode(models.TextChoices):
        TRANSCEIVER = "transceiver", _("Transceiver: one connection for both ways")
        PAIR = "pair", _("Transmitter and receiver: two connections for each bind slot")

    class TonChoice(models.IntegerChoices):
        UNKNOWN = 0, _("0: unknown")
        INTERNATIONAL = 1, _("1: international")
        NATIONAL = 2, _("2: national")
        NETWORK_SPECIFIC = 3, _("3: network specific")
        SUBSCRIBER = 4, _("4: subscriber number")
        ALPHANUMERIC = 5, _("5: alphanumeric")
        ABBREVIATED = 6, _("6: abbreviated")

    class NpiChoice(models.IntegerChoices):
        UNKNOWN = 0, _("0: unknown")
        ISDN = 1, _("1: ISDN (E.164)")
        DATA = 3, _("3: data (X.121)")
        TELEX = 4, _("4: telex")
        LAND_MOBILE = 6, _("6: land mobile (E.212)")
        NATIONAL = 8, _("8: national")
        PRIVATE = 9, _("9: private")
        ERMES = 10, _("10: ERMES")
        INTERNET = 14, _("14: Internet (IP)")
        WAP = 18, _("18: WAP client id")

    name = models.SlugField(_("name"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.SMPP)
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.ACTIVE)
    is_simulator = models.BooleanField(_("simulator: nothing leaves this machine"), default=False)
    host = models.CharField(_("host"), max_length=255, blank=True)
    port = models.PositiveIntegerField(_("port"), default=2775)
    system_id = models.CharField("system_id", max_length=15, blank=True)
    password = EncryptedTextField("password", blank=True)
    system_type = models.CharField("system_type", max_length=12, blank=True)
    bind_mode = models.CharField(
        _("bind"), max_length=11, choices=BindMode, default=BindMode.TRANSCEIVER
    )
    bind_slots = models.PositiveSmallIntegerField(
        _("bind slots"), default=1, help_text=_("Connections that the carrier allows at once.")
    )
    window = models.PositiveSmallIntegerField(
        _("window"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("submit_sm that may wait for an answer on one connection."),
    )
    rate = models.PositiveIntegerField(
        _("messages per second"),
        default=100,
        validators=[MinValueValidator(1)],
        help_text=_("For the whole login, shared among its bind slots."),
    )
    response_timeout = models.PositiveSmallIntegerField(
        _("response timeout, seconds"), default=30, validators=[MinValueValidator(1)]
    )
    enquire_interval = models.PositiveSmallIntegerField(
        _("enquire_link, seconds"),
        default=30,
        validators=[MinValueValidator(1)],
        help_text=_("How long nothing may be heard before an enquire_link goes out."),
    )
    # Decimal or 0x…, with commas; read by `temporary_status_values`.
    temporary_statuses = models.CharField(
        _("command_status values of a temporary refusal"),
        max_length=200,
        blank=True,
        validators=[validate_statuses],
        help_text=_(
            "The carrier's own values (0x400 to 0x4FF, mostly) after which the same message may be "
            "sent again, as its manual says: 0x410, 1042. Other unknown values are permanent "
            "refusals."
        ),
    )
    tls = models.BooleanField(_("TLS"), default=False)
    tls_server_name = models.CharField(
        _("name in its certificate"),
        max_length=255,
        blank=True,
        help_text=_("Only if it differs from the host."),
    )
    # PEM texts, checked by operations/forms/tls.py.
    tls_ca = models.TextField(_("authorities to trust"), blank=True)
    tls_certificate = models.TextField(_("our certificate"), blank=True)
    tls_key = EncryptedTextField(blank=True)
    service_type = models.CharField(
        "service_type",
        max_length=5,
        blank=True,
        help_text=_("Only if the carrier gave you one."),
    )
    source_ton = models.PositiveSmallIntegerField(
        _("TON of originators"), choices=TonChoice, null=True, blank=True
    )
    source_npi = models.PositiveSmallIntegerField(
        _("NPI of originators"), choices=NpiChoice, null=True, blank=True
    )
    dest_ton = models.PositiveSmallIntegerField(
        _("TON of numbers"), choices=TonChoice, default=TonChoice.INTERNATIONAL
    )
    dest_npi = models.PositiveSmallIntegerField(
        _("NPI of numbers"), choices=NpiChoice, default=NpiChoice.ISDN
    )
    registered_delivery = models.BooleanField(
        _("ask for receipts"),
        default=True,
        help_text=_(
            "If off, messages stay submitted and become unknown after the wait. None is ever shown "
            "as delivered. Turn it off only if the carrier refuses messages that ask for a receipt."
        ),
    )
    receipt_zone = models.CharField(
        _("time zone of dates in receipts"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Many carriers write their local time, such as Asia/Hong_Kong."),
    )
    originator = models.CharField(_("default originator"), max_length=20, default="SMS")
    originator_is_shared = models.BooleanField(
        _("the default originator is shared"),
        default=False,
        db_default=False,
        help_text=_(
            "If on, it is shown for organizations without an approved originator. Turn it on only "
            "for a neutral name or number, never for the name of a customer."
        ),
    )
    receipts_per_segment = models.BooleanField(
        _("a receipt for every segment"),
        default=True,
        help_text=_("If off, one receipt covers the whole message."),
    )
    # What its receipts have shown, whatever is set: that two segments of one message had receipts
    # of their own; that a long message ended without one, after a receipt of a single segment.
    segment_receipts_at = models.DateTimeField(null=True, editable=False)
    lone_receipt_at = models.DateTimeField(null=True, editable=False)
    id_format = models.CharField(
        _("form of message ids"), max_length=14, choices=IdFormat, default=IdFormat.AS_IS
    )
    # Of kind HTTP: {name: text as the operator wrote it}, read by gateways/http/settings.py.
    http_settings = models.JSONField(default=dict, blank=True)
    # The last part of the address to which an HTTP gateway brings its receipts.
    receipt_secret = EncryptedTextField(default=new_receipt_secret, editable=False)
    receipt_signature_key = EncryptedTextField(blank=True)

    class Meta:
        verbose_name = _("gateway")
        verbose_name_plural = _("gateways")
        constraints = [
            # Waiting for receipts of single segments would be waiting for ever.
            models.CheckConstraint(
                condition=~models.Q(kind="http", receipts_per_segment=True),
                name="http_receipt_for_whole_message",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shared_originator(self) -> str:
        """What handsets show for organizations without an originator of their own, if anything."""
        return self.originator if self.originator_is_shared else ""

    @property
    def takes_whole_messages(self) -> bool:
        """Whether the gateway is given a text, and cuts and counts segments itself."""
        return KINDS[self.kind].takes_whole_messages

    @property
    def awaits_each_segment(self) -> bool:
        """Whether a long message is delivered only when each segment is, set so or shown to be."""
        return self.receipts_per_segment or self.segment_receipts_at is not None

    @property
    def gives_part_ids(self) -> bool:
        """Whether answers name an id for each part into which the gateway cuts a text."""
        return EACH in self.http_settings.get("message_id_rule", "")

    @property
    def parts_share_id(self) -> bool:
        """Whether a receipt covers one part of a long text, and nothing tells which one."""
        covers = self.http_settings.get("receipt_covers")
        return covers == ONE_PART and not self.gives_part_ids

    @property
    def temporary_status_values(self) -> frozenset[int]:
        """Return the values of command_status that ask for the same message again later."""
        return read_statuses(self.temporary_statuses)

    @property
    def receipt_url(self) -> str:
        """Return the address for the gateway's receipts; empty if they come over the bind."""
        if not KINDS[self.kind].receipts_over_http:
            return ""
        return settings.PUBLIC_URL + reverse("api:receipts", args=[self.receipt_secret])


class HttpGatewayManager(models.Manager["HttpGateway"]):
    """Finds gateways of kind HTTP only."""

    def get_queryset(self) -> models.QuerySet["HttpGateway"]:
        """Leave out all other kinds."""
        return super().get_queryset().filter(kind=Gateway.Kind.HTTP)


class HttpGateway(Gateway):
    """A gateway of kind HTTP: the same rows, with a page of their own in the administration."""

    objects: ClassVar[HttpGatewayManager] = HttpGatewayManager()

    class Meta:
        proxy = True
        verbose_name = _("HTTP gateway")
        verbose_name_plural = _("HTTP gateways")


class BindSlot(models.Model):
    """One allowed connection of a gateway, leased by one sender at a time."""

    gateway = models.ForeignKey(Gateway, models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    # The journal of the sender that holds the slot; empty when free.
    owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    bound_at = models.DateTimeField(null=True)
    in_window = models.PositiveIntegerField(default=0)
    # Why the last connection ended or could not be made, for the operator.
    trouble = models.CharField(max_length=200, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    # How many claims were made for this slot: a database in which they are fewer is an older one.
    claims = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("bind slot")
        verbose_name_plural = _("bind slots")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "number"], name="bind_slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.number}"


class Route(models.Model):
    """MSISDN prefix, country or both -> gateways, in order; see sending/sms/routes.py."""

    # Digits without +, such as 852; empty matches every number.
    prefix = models.CharField(_("prefix"), max_length=15, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    gateway = models.ForeignKey(Gateway, models.CASCADE, related_name="routes")
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = [
            models.UniqueConstraint(fields=["prefix", "country", "order"], name="route_order_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix or self.country or '*'} → {self.gateway}"
