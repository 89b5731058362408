"""Routes and prices, as operators enter them: put into the form in which numbers are matched."""

import re
from decimal import Decimal
from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.countries import MAINLAND
from sending.models import GatewayCost, Price, Route
from sending.sms.pricing import amount_of, micro_of

_SPACING = re.compile(r"[\s().\-]")


def country_of(entered: str) -> str:
    """Return a country as ISO 3166 has it; raise ValidationError for one that is not sent to."""
    code = entered.strip().upper()
    if not code:
        return ""
    if code == MAINLAND:
        raise forms.ValidationError(
            _("We never send to numbers of the Chinese mainland."), code="mainland"
        )
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise forms.ValidationError(
            _("“%(entered)s” is not a country. Use the two letters of ISO 3166, such as HK or GB."),
            code="country",
            params={"entered": entered},
        )
    return code


def prefix_of(entered: str) -> str:
    """Return the leading digits of numbers, without plus; raise ValidationError for others."""
    digits = _SPACING.sub("", entered).removeprefix("+").removeprefix("00")
    if digits and not (digits.isascii() and digits.isdigit()):
        raise forms.ValidationError(
            _(
                "“%(entered)s” is not a prefix. Enter country code and leading digits, "
                "such as 8525."
            ),
            code="prefix",
            params={"entered": entered},
        )
    if digits and not _calling_code(digits):
        raise forms.ValidationError(
            _("No country code begins with %(digits)s, so this route would match no number."),
            code="calling_code",
            params={"digits": digits},
        )
    return digits


def _calling_code(digits: str) -> str:
    """Return the country code that a prefix begins with, or might go on to; empty for none."""
    codes = map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
    return next((code for code in codes if digits.startswith(code) or code.startswith(digits)), "")


class RouteForm(forms.ModelForm):
    """Which numbers go through which gateway."""

    prefix = forms.CharField(  # type: ignore[assignment]
        label=gettext_lazy("Prefix"),
        required=False,
        max_length=24,
        help_text=gettext_lazy("Country code and leading digits, such as 8525. Empty for all."),
    )
    country = forms.CharField(
        label=gettext_lazy("Country"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("Two letters, such as HK. Empty for all."),
    )

    class Meta:
        model = Route
        fields = ["prefix", "country", "gateway", "order"]

    def clean_prefix(self) -> str:
        """Return the digits by which numbers are matched."""
        digits = prefix_of(self.cleaned_data["prefix"])
        if len(digits) > 15:
            raise forms.ValidationError(
                _("A number has at most 15 digits, and so has a prefix."), code="length"
            )
        return digits

    def clean_country(self) -> str:
        """Return the country by which numbers are matched."""
        return country_of(self.cleaned_data["country"])

    def clean(self) -> dict[str, Any]:
        """Refuse a prefix of one country together with another country."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        prefix, country = data.get("prefix"), data.get("country")
        if prefix and country:
            code = str(phonenumbers.country_code_for_region(country))
            if not (prefix.startswith(code) or code.startswith(prefix)):
                raise forms.ValidationError(
                    _(
                        "Numbers of %(country)s begin with %(code)s, so none begins with "
                        "%(prefix)s. Leave one of the two empty."
                    ),
                    code="mismatch",
                    params={"country": country, "code": code, "prefix": prefix},
                )
        return data


class _AmountForm(forms.ModelForm):
    """Money per segment and country as people write it: a decimal."""

    country = forms.CharField(label=gettext_lazy("country"), required=False, max_length=10)
    amount = forms.DecimalField(
        # A column of 32 bits holds the millionths.
        label=gettext_lazy("price per segment"),
        min_value=0,
        max_value=2147,
        decimal_places=6,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Show millionths as a decimal; a cell of a table has no label but its column's."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = field.label or name
        if self.instance.pk:
            self.initial["amount"] = amount_of(self.instance.micro)

    def clean_country(self) -> str:
        """Return the country by which prices are found."""
        return country_of(self.cleaned_data["country"])

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Store the decimal as millionths."""
        amount: Decimal = self.cleaned_data["amount"]
        self.instance.micro = micro_of(amount)
        return super().save(*args, **kwargs)


class PriceForm(_AmountForm):
    """A price, in the currency of its list."""

    class Meta:
        model = Price
        fields = ["country"]


class CostForm(_AmountForm):
    """What a gateway takes, in a currency of its own."""

    class Meta:
        model = GatewayCost
        fields = ["gateway", "country", "currency"]

    field_order = ["gateway", "country", "amount", "currency"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Call it what it is."""
        super().__init__(*args, **kwargs)
        self.fields["amount"].label = _("cost per segment")

    def clean_currency(self) -> str:
        """Return three capital letters."""
        currency = str(self.cleaned_data["currency"]).upper()
        if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("Write three capital letters, such as USD."))
        return currency
