"""What operators do to prices and costs: take them from files."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import AuditEntry, Organization, User
from sending.models import Gateway, GatewayCost, Price, PriceVersion


@transaction.atomic
def import_prices(
    *,
    actor: User,
    prices: Mapping[str, int],
    currency: str,
    valid_from: datetime | None,
    organization: Organization | None = None,
    note: str = "",
) -> PriceVersion:
    """Make a price list of {country: millionths}; without a date it is a draft."""
    version = PriceVersion.objects.create(
        currency=currency, valid_from=valid_from, organization=organization, note=note
    )
    Price.objects.bulk_create(
        Price(version=version, country=country, micro=micro) for country, micro in prices.items()
    )
    AuditEntry.record(
        action="priceversion.imported",
        subject=version,
        organization=organization,
        actor=actor,
        prices=len(prices),
        id=version.pk,
    )
    return version


@transaction.atomic
def import_costs(
    *, actor: User, costs: Mapping[tuple[int, str], int], currency: str
) -> list[Gateway]:
    """Replace all costs of the gateways that {(gateway, country): millionths} names."""
    gateways = list(Gateway.objects.filter(pk__in={pk for pk, _country in costs}).order_by("name"))
    GatewayCost.objects.filter(gateway__in=gateways).delete()
    GatewayCost.objects.bulk_create(
        GatewayCost(gateway_id=pk, country=country, micro=micro, currency=currency)
        for (pk, country), micro in costs.items()
    )
    for gateway in gateways:
        AuditEntry.record(
            action="gatewaycost.imported",
            subject=gateway,
            organization=None,
            actor=actor,
            costs=sum(pk == gateway.pk for pk, _country in costs),
        )
    return gateways
