"""The first price list."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from accounts.models import AuditEntry
from sending.models import Price, PriceVersion
from sending.operations.forms.routes import PriceForm
from sending.sms.pricing import micro_of

EVERYWHERE = "*"


@transaction.atomic
def price_list(entered: Iterable[str], currency: str) -> list[str]:
    """Make a list of COUNTRY=AMOUNT, in force from now; `*` is the price of all others."""
    version = PriceVersion.current()
    if version is not None:
        return [f"The price list “{version}” is in force already."]
    prices = dict(map(_read, entered))
    made = PriceVersion(currency=currency.upper(), note="Made by bootstrap")
    try:
        made.full_clean()
    except ValidationError as error:
        raise CommandError(f"--currency {currency}: {' '.join(error.messages)}") from None
    made.save()
    Price.objects.bulk_create(
        Price(version=made, country=country, micro=micro) for country, micro in prices.items()
    )
    AuditEntry.record(action="priceversion.added", subject=made, organization=None)
    return [f"Made the price list “{made}” with {len(prices)} prices."]


def _read(entered: str) -> tuple[str, int]:
    country, _equals, amount = entered.partition("=")
    country = "" if country.strip() == EVERYWHERE else country.strip()
    form = PriceForm({"country": country, "amount": amount})
    if not form.is_valid():
        sentences = " ".join(str(text) for texts in form.errors.values() for text in texts)
        raise CommandError(
            f"--price {entered}: {sentences} Write COUNTRY=AMOUNT, such as HK=0.048; *=0.08 is "
            "for all others."
        )
    return form.cleaned_data["country"], micro_of(form.cleaned_data["amount"])
