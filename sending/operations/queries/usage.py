"""What organizations used and what it costs, by month: sums of counters only, for accounting."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import F, QuerySet

from accounts.models import Organization, SmsApplication
from accounts.paging import Page, page_of
from sending.models import Counter, PriceVersion
from sending.models.figures import Figures, add_up, together
from sending.models.price import currencies_between

ORGANIZATIONS_A_PAGE = 50


class _Key(NamedTuple):
    month: str
    country: str
    application_id: int
    currency: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What gateways took of an application to a country in a month of the organization's own.

    `messages` and segments are those that gateways took, as on every page; `month` is yyyy-mm.
    """

    organization: Organization
    month: str
    country: str
    application: str
    figures: Figures
    currency: str


@dataclass(frozen=True, slots=True)
class Total:
    """What an organization used in a period, in one currency."""

    organization: Organization
    currency: str
    figures: Figures


def usage(organization: Organization, first: date, last: date) -> list[Usage]:
    """Return a row for each month, country, application and currency; both days are included.

    One statement, by index counter_organization_hour: at most a row a day, country, application
    and state. Where the currency changed within a day, that day's names both.
    """
    counters = Counter.objects.for_organization(organization).of_days(first, last)
    sums = counters.annotate(day=F("hour") / 100).sums("day", "country", "application_id")
    currency_of = _Currencies(organization)
    rows = (
        (_Key(f"{day // 10000}-{day // 100 % 100:02}", country, application, currency_of(day)), *of)
        for day, country, application, *of in sums.iterator(chunk_size=2_000)
    )
    found = add_up(rows, Figures)
    applications = SmsApplication.objects.for_organization(organization)
    names = dict(applications.values_list("pk", "name"))
    return [
        Usage(
            organization,
            key.month,
            key.country,
            names.get(key.application_id, str(key.application_id)),
            found[key],
            key.currency,
        )
        for key in sorted(found)
        if found[key].handed_over
    ]


class _Currencies:
    """In which currency a day was charged."""

    def __init__(self, organization: Organization) -> None:
        self._zone = organization.zone
        self._lists = PriceVersion.timeline(organization)
        self._known: dict[int, str] = {}

    def __call__(self, day: int) -> str:
        if day not in self._known:
            begin = date(day // 10000, day // 100 % 100, day % 100)
            start, end = (
                datetime.combine(at, time(), self._zone).astimezone(UTC)
                for at in (begin, begin + timedelta(1))
            )
            self._known[day] = "/".join(currencies_between(self._lists, start, end))
        return self._known[day]


def totals(rows: Iterable[Usage]) -> list[tuple[str, str, Figures]]:
    """Return (month, currency, figures), the newest month first."""
    parts: dict[tuple[str, str], list[Figures]] = {}
    for row in rows:
        parts.setdefault((row.month, row.currency), []).append(row.figures)
    return [(*key, together(parts[key])) for key in sorted(parts, reverse=True)]


def totals_of_all(first: date, last: date, after: int | None) -> Page[Total]:
    """Return what each organization used in a period, page by page of organizations."""
    page = page_of(_organizations(after), ORGANIZATIONS_A_PAGE, lambda found: found.pk)
    return Page(list(_totals(page.rows, first, last)), page.next)


def _organizations(after: int | None) -> QuerySet[Organization]:
    rows = Organization.objects.order_by("pk")
    return rows.filter(pk__gt=after) if after else rows


def _totals(organizations: Sequence[Organization], first: date, last: date) -> Iterator[Total]:
    for organization in organizations:
        parts: dict[str, list[Figures]] = {}
        for row in usage(organization, first, last):
            parts.setdefault(row.currency, []).append(row.figures)
        for currency in sorted(parts):
            yield Total(organization, currency, together(parts[currency]))


def usage_of_all(first: date, last: date) -> Iterator[Usage]:
    """Yield the rows of every organization, one after the other."""
    after: int | None = None
    while True:
        page = page_of(_organizations(after), ORGANIZATIONS_A_PAGE, lambda found: found.pk)
        for organization in page.rows:
            yield from usage(organization, first, last)
        if not page.next:
            return
        after = int(page.next)
