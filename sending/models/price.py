"""A price a country and segment, in immutable versions."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import shared_time
from accounts.models.moment import MomentField
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

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        get_latest_by = ["valid_from", "id"]

    def __str__(self) -> str:
        if self.valid_from is None:
            return f"{self.currency}, {_('draft')} {self.pk}"
        return f"{self.currency}, {self.valid_from:%Y-%m-%d}"

    @classmethod
    def current(cls) -> "PriceVersion | None":
        """Return the list in force now."""
        return (
            cls.objects.filter(valid_from__lte=shared_time.now())
            .order_by("valid_from", "id")
            .last()
        )

    def by_country(self) -> dict[str, int]:
        """Return the price of a segment for each country; "" stands for all others."""
        return dict(self.prices.values_list("country", "micro"))


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
