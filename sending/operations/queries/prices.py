"""Price lists side by side, and what is different between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts import shared_time
from accounts.countries import country_name
from accounts.models import Organization
from sending.models import Price, PriceVersion

# Lists that stand beside each other: all that are to come, the one in force, and those before.
SHOWN = 8
ALL_OTHERS = "*"
"""What files write for the row without a country."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A price list of the matrix: `state` is draft, coming, current or past."""

    version: PriceVersion
    state: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Columns, the newest first, and for each country its price in each of them or None."""

    columns: Sequence[ListColumn]
    rows: Sequence[tuple[str, Sequence[int | None]]]
    more: bool


def lists_of(organization: Organization | None) -> QuerySet[PriceVersion]:
    """Return the lists of an organization, or the general ones; one row a list."""
    return PriceVersion.objects.filter(organization=organization)


def matrix(organization: Organization | None) -> Matrix:
    """Return the newest lists; drafts first, then by the date from which they are in force."""
    lists = lists_of(organization)
    drafts = lists.filter(valid_from=None).order_by("-pk")
    dated = lists.exclude(valid_from=None).order_by("-valid_from", "-pk")
    found = [*drafts[: SHOWN + 1], *dated[: SHOWN + 1]]
    columns = _columns(found[:SHOWN])
    prices = _prices([column.version.pk for column in columns])
    countries = {country for each in prices.values() for country in each}
    rows = [
        (country, [prices[column.version.pk].get(country) for column in columns])
        for country in _in_order(countries)
    ]
    return Matrix(columns, rows, len(found) > SHOWN)


def _columns(versions: Sequence[PriceVersion]) -> list[ListColumn]:
    now = shared_time.now()
    columns, until, has_current = [], None, False
    for version in versions:
        if version.valid_from is None:
            columns.append(ListColumn(version, "draft"))
            continue
        state = "coming" if version.valid_from > now else "past" if has_current else "current"
        has_current = has_current or state == "current"
        columns.append(ListColumn(version, state, until))
        until = version.valid_from
    return columns


def _prices(version_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {pk: {} for pk in version_ids}
    rows = Price.objects.filter(version_id__in=version_ids)
    for version_id, country, micro in rows.values_list("version_id", "country", "micro"):
        found[version_id][country] = micro
    return found


def _in_order(countries: set[str]) -> list[str]:
    """Return countries by name; what is for all others comes last."""
    return sorted(countries, key=lambda code: (not code, country_name(code) or code))


@dataclass(frozen=True, slots=True)
class PriceDifference:
    """A price that is not the same in two lists; None where a list has no row."""

    country: str
    before: int | None
    after: int | None

    @property
    def tenths(self) -> int | None:
        """Return by how many tenths of a percent it changes; None where there is no saying."""
        if not self.before or self.after is None:
            return None
        return round(1000 * (self.after - self.before) / self.before)


def differences(before: PriceVersion, after: PriceVersion) -> list[PriceDifference]:
    """Return every country whose row differs, by name."""
    old, new = before.by_country(), after.by_country()
    return [
        PriceDifference(country, old.get(country), new.get(country))
        for country in _in_order(old.keys() | new.keys())
        if old.get(country) != new.get(country)
    ]


def price_rows(version: PriceVersion) -> list[tuple[str, str, str]]:
    """Return what the file of a list says: country, its name, price."""
    prices = dict(version.prices.values_list("country", "micro"))
    return [
        (country or ALL_OTHERS, country_name(country) if country else "", written(prices[country]))
        for country in _in_order(set(prices))
    ]


def written(micro: int) -> str:
    """Return millionths as a file has them: a point, no more decimals than it needs."""
    whole, rest = divmod(micro, 1_000_000)
    return f"{whole}.{rest:06}".rstrip("0").removesuffix(".")
