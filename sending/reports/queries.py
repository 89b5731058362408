"""What became of messages by day, hour, country and application: sums of counters only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import BigIntegerField, Case, F, Value, When
from django.utils.http import urlencode

from accounts.models import Organization
from sending.models import Counter, PriceVersion, SendTask
from sending.models.counter import NO_HOUR, CounterQuerySet
from sending.models.figures import Figures, Sums, add_up, together
from sending.models.price import currencies_between

HOURS = 24
_NO_TASK = Value(0, output_field=BigIntegerField())


@dataclass(frozen=True, slots=True)
class StatisticsFilter:
    """Local days of an organization, both included; `preset` where they always end today.

    `application` is the id of one, or None for all.
    """

    first: date
    last: date
    country: str = ""
    preset: int | None = None
    application: int | None = None

    @property
    def days(self) -> list[date]:
        """Return each day."""
        return [self.first + timedelta(n) for n in range((self.last - self.first).days + 1)]

    @property
    def hourly(self) -> bool:
        """Tell whether the chart is by hour, as it is for a single day."""
        return self.first == self.last

    @property
    def period_query(self) -> str:
        """Return the part of an address that says these days."""
        if self.preset:
            return urlencode({"days": self.preset})
        return urlencode({"first": self.first.isoformat(), "last": self.last.isoformat()})

    @property
    def in_days(self) -> str:
        """Return what an address says of these days, whatever day it is opened on."""
        return urlencode({"first": self.first.isoformat(), "last": self.last.isoformat()})

    @property
    def any_country(self) -> str:
        """Return what an address says of all but the country."""
        return self._with(application=self.application)

    @property
    def any_application(self) -> str:
        """Return what an address says of all but the application."""
        return self._with(country=self.country)

    @property
    def query(self) -> str:
        """Return all that an address says."""
        return self._with(country=self.country, application=self.application)

    def of_day(self, day: date) -> "StatisticsFilter":
        """Return the same for a single day."""
        return replace(self, first=day, last=day, preset=None)

    def _with(self, **parts: Any) -> str:
        said = urlencode({name: value for name, value in parts.items() if value})
        return "&".join(filter(None, (self.period_query, said)))


@dataclass(frozen=True, slots=True)
class Step:
    """One bar of the chart and one row of its table: a day, or an hour of the only day."""

    at: datetime
    figures: Figures


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that the page shows. `steps` are of the country and the application asked for.

    `countries` are all, of that application; `applications` are all by id, of that country.
    """

    whole: Figures
    everywhere: Figures
    steps: Sequence[Step]
    countries: Sequence[tuple[str, Figures]]
    applications: Sequence[tuple[int, Figures]]
    # More than one when the price list changed its currency meanwhile: then no sum is money.
    currencies: Sequence[str]

    @property
    def currency(self) -> str:
        """Return the currency of all costs, or nothing when there are several."""
        return self.currencies[0] if len(self.currencies) == 1 else ""


def statistics(organization: Organization, asked: StatisticsFilter) -> Statistics:
    """Return the figures of a period, and of all countries in it, whichever is asked for."""
    steps, places, programs = (_hours if asked.hourly else _days)(organization, asked)
    by_step, countries = add_up(steps, Figures), add_up(places, Figures)
    return Statistics(
        whole=together(by_step.values()),
        everywhere=together(countries.values()),
        steps=_steps(asked, by_step),
        countries=largest(countries),
        applications=largest(add_up(programs, Figures)),
        currencies=currencies(organization, asked),
    )


def largest(found: dict[Any, Figures]) -> list[tuple[Any, Figures]]:
    """Return those with messages, most messages first."""
    in_order = sorted(found.items(), key=lambda pair: (-pair[1].total, pair[0]))
    return [(key, figures) for key, figures in in_order if figures.total]


_Parts = tuple[list[Sums], list[Sums], list[Sums]]


def _days(organization: Organization, asked: StatisticsFilter) -> _Parts:
    """Return the sums of each day, country and application; index counter_organization_hour."""
    counters = Counter.objects.for_organization(organization).of_days(asked.first, asked.last)
    steps, places, programs = _parts(counters, F("hour") / 100, asked)
    return [(day, *rest) for day, _no_task, *rest in steps], places, programs


def _hours(organization: Organization, asked: StatisticsFilter) -> _Parts:
    """Return the sums of each hour of one day, of each country and application.

    The counters of a day long gone know their tasks and no hours, and a task knows its hour.
    """
    day = int(f"{asked.first:%Y%m%d}00")
    tasks = SendTask.objects.for_organization(organization)
    of_day = tasks.filter(accepted_hour__gte=day, accepted_hour__lt=day + HOURS)
    hours = dict(of_day.values_list("pk", "accepted_hour"))
    counters = Counter.objects.for_organization(organization).of_hours(asked.first, hours)
    task = Case(When(hour=NO_HOUR, then=F("task_id")), default=_NO_TASK)
    steps, places, programs = _parts(counters, F("hour"), asked, task)
    by_hour = [(hours.get(task_id, hour), *rest) for hour, task_id, *rest in steps]
    return by_hour, places, programs


def _parts(
    counters: CounterQuerySet, step: Any, asked: StatisticsFilter, task: Any = _NO_TASK
) -> tuple[list[tuple[Any, ...]], list[Sums], list[Sums]]:
    """Return (step, task, …), (country, …) and (application, …) sums.

    One statement, so that all see the same moment; and three sums of it, because those of every
    step and country are ten thousand rows a quarter.
    """
    of_country = {"country": asked.country} if asked.country else {}
    of_application = {"application_id": asked.application} if asked.application else {}
    keys = ("part", "step", "task", "place")
    steps = counters.filter(**of_country, **of_application).annotate(
        part=Value("steps"), step=step, task=task, place=Value("")
    )
    places = counters.filter(**of_application).annotate(
        part=Value("places"), step=Value(0), task=_NO_TASK, place=F("country")
    )
    programs = counters.filter(**of_country).annotate(
        part=Value("programs"), step=F("application_id"), task=_NO_TASK, place=Value("")
    )
    all_sums = steps.sums(*keys).union(places.sums(*keys), programs.sums(*keys), all=True)
    rows = list(all_sums)
    return (
        [(at, task_id, *rest) for part, at, task_id, _place, *rest in rows if part == "steps"],
        [(place, *rest) for part, _step, _task, place, *rest in rows if part == "places"],
        [(program, *rest) for part, program, _task, _place, *rest in rows if part == "programs"],
    )


def _steps(asked: StatisticsFilter, found: dict[int, Figures]) -> list[Step]:
    """Return every day or hour in its order, those without messages too."""
    if asked.hourly:
        hours = [datetime.combine(asked.first, time(hour)) for hour in range(HOURS)]
        return [Step(at, found.get(int(f"{at:%Y%m%d%H}"), Figures())) for at in hours]
    days = [datetime.combine(day, time()) for day in asked.days]
    return [Step(at, found.get(int(f"{at:%Y%m%d}"), Figures())) for at in days]


def currencies(organization: Organization, asked: StatisticsFilter) -> list[str]:
    """Return the currencies of the price lists that were in force in these days.

    What is sent is priced by the list in force when Send is pressed. The table has a row a list.
    """
    start, end = (
        datetime.combine(day, time(), organization.zone).astimezone(UTC)
        for day in (asked.first, asked.last + timedelta(1))
    )
    return currencies_between(PriceVersion.timeline(organization), start, end)


def by_day_and_country(
    organization: Organization, asked: StatisticsFilter
) -> Iterator[tuple[date, str, Figures]]:
    """Yield what the export says: every day and country with messages, in order."""
    counters = Counter.objects.for_organization(organization).of_days(asked.first, asked.last)
    if asked.country:
        counters = counters.filter(country=asked.country)
    if asked.application:
        counters = counters.filter(application_id=asked.application)
    sums = counters.annotate(day=F("hour") / 100).sums("day", "country")
    rows = sums.order_by("day", "country").iterator(chunk_size=2_000)
    for (day, country), group in groupby(rows, key=lambda row: row[:2]):
        figures = add_up((row[1:] for row in group), Figures)[country]
        if figures.total:
            yield date.fromisoformat(str(day)), country, figures
