"""A price a country and segment, in immutable versions."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models import Organization
from accounts.models.moment import MomentField
from sending.models.gateway import Gateway
from sending.sms.pricing import amount_of


class PriceVersion(models.Model):
    """A price list. A changed price is a new version, so that what was shown stays true."""

    currency = models.CharField(_("currency"), max_length=3, default="USD")
    # Without a date the list is a draft.
    valid_from = MomentField(
        _("valid from"),
        default=shared_time.now,
        null=True,
        blank=True,
        help_text=_("In UTC. Leave it empty while you work on the list: it is then a draft."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    # Whose list it is; without one it is for everybody who has none of their own.
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        verbose_name=_("only for"),
        null=True,
        blank=True,
        help_text=_(
            "Its own prices take the place of the general ones altogether. Leave it empty for the "
            "general prices."
        ),
    )

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        get_latest_by = ["valid_from", "id"]

    def __str__(self) -> str:
        if self.valid_from is None:
            return f"{self.currency}, {_('draft')} {self.pk}"
        return f"{self.currency}, {self.valid_from:%Y-%m-%d}"

    @classmethod
    def current(cls, organization_id: int | None = None) -> "PriceVersion | None":
        """Return the list in force now: an organization's own if it has one, else the general."""
        begun = cls.objects.filter(valid_from__lte=shared_time.now())
        lists = begun.filter(Q(organization=None) | Q(organization_id=organization_id))
        return lists.order_by(
            F("organization_id").desc(nulls_last=True), "-valid_from", "-id"
        ).first()

    @classmethod
    def timeline(cls, organization: Organization) -> list[tuple[datetime, str]]:
        """Return (since when, currency) of the lists by which an organization was charged.

        The general ones until its first own one; the table has a row a list.
        """
        lists = cls.objects.exclude(valid_from=None).order_by("valid_from", "id")
        theirs = lists.filter(Q(organization=None) | Q(organization=organization))
        found: list[tuple[datetime, str]] = []
        has_own = False
        rows = theirs.values_list("organization_id", "valid_from", "currency")
        for owner, valid_from, currency in rows:
            has_own = has_own or owner is not None
            if owner is not None or not has_own:
                found.append((valid_from, currency))
        return found

    @property
    def has_begun(self) -> bool:
        """Tell whether it is or was in force: then what it says stays true, and it is fixed."""
        return self.valid_from is not None and self.valid_from <= shared_time.now()

    def by_country(self) -> dict[str, int]:
        """Return the price of a segment for each country; "" stands for all others."""
        return dict(self.prices.values_list("country", "micro"))


def currencies_between(
    lists: Iterable[tuple[datetime, str]], start: datetime, end: datetime
) -> list[str]:
    """Return the currencies of a timeline that were in force from start to before end."""
    found: list[str] = []
    for valid_from, currency in lists:
        if valid_from <= start or not found:
            # In force as it began; a first list may be written down after the fact.
            found = [currency]
        elif valid_from < end:
            found.append(currency)
    return sorted(set(found))


class Price(models.Model):
    """What one segment to one country costs; the row without country is for all others."""

    version = models.ForeignKey(PriceVersion, models.CASCADE, related_name="prices")
    country = models.CharField(_("country"), max_length=2, blank=True)
    micro = models.PositiveIntegerField(_("price per segment, millionths"))

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["version", "country"], name="price_country_once"),
        ]

    def __str__(self) -> str:
        return f"{self.country or '*'} {self.micro}"

    @property
    def amount(self) -> Decimal:
        """Return the price as people read it."""
        return amount_of(self.micro)


class GatewayCost(models.Model):
    """What a gateway takes for one segment; the row without country is for all others."""

    gateway = models.ForeignKey(
        Gateway, models.CASCADE, related_name="costs", verbose_name=_("gateway")
    )
    country = models.CharField(_("country"), max_length=2, blank=True)
    micro = models.PositiveIntegerField(_("cost per segment, millionths"))
    currency = models.CharField(_("currency"), max_length=3, default="USD")

    class Meta:
        verbose_name = _("cost of a gateway")
        verbose_name_plural = _("costs of gateways")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "country"], name="gateway_cost_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.country or '*'}"

    @property
    def amount(self) -> Decimal:
        """Return the cost as people read it."""
        return amount_of(self.micro)
