"""The limits of a day: of an organization, of its applications, and of their countries.

The console's Send and programs take from the same rows (`DailyUse`), so that both together never
pass a limit.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sending.acceptance.memory import ApplicationTerms
from sending.acceptance.refusals import Refused
from sending.acceptance.request import RefusalCode
from sending.models import DailyUse
from sending.models.daily_use import (
    ALL_APPLICATIONS,
    ALL_COUNTRIES,
    Quantity,
    UseKey,
    uses_of,
)


class Part(NamedTuple):
    """Something that takes from the limits: to one country."""

    country: str
    segments: int
    messages: int = 1


class DayLimits:
    """What an application may still send in the day of an hour (yyyymmddhh)."""

    def __init__(self, terms: ApplicationTerms, hour: int) -> None:
        self._organization_id: int = terms.organization.pk
        self._application = terms.application
        self._day = hour // 100
        self._limits = self._limits_of(terms)

    def _limits_of(self, terms: ApplicationTerms) -> dict[UseKey, int]:
        limits = {
            self._key(ALL_APPLICATIONS, ALL_COUNTRIES): terms.organization.daily_segment_limit
        }
        application_id = self._application.pk
        if self._application.daily_segment_limit is not None:
            own = self._key(application_id, ALL_COUNTRIES)
            limits[own] = self._application.daily_segment_limit
        for country, limit in terms.country_limits.items():
            limits[self._key(application_id, country)] = limit
        return limits

    def _key(self, application_id: int, country: str) -> UseKey:
        return UseKey(self._organization_id, self._day, application_id, country)

    def addition(self, parts: Iterable[Part]) -> dict[UseKey, Quantity]:
        """Return what parts take of each limit; add it last, it stays locked until the commit."""
        return uses_of(
            (
                self._organization_id,
                self._application.pk,
                self._day,
                part.country,
                Quantity(part.segments, part.messages),
            )
            for part in parts
        )

    def passed(self, taken: Mapping[UseKey, Quantity], now: Mapping[UseKey, int]) -> Refused | None:
        """Return the limit that is passed `now`, with what was just taken: undo it all then."""
        for key in sorted(taken):
            limit = self._limits.get(key)
            if limit is not None and now[key] > limit:
                needed = taken[key].segments
                return self._refusal(key, needed, limit - (now[key] - needed))
        return None

    def refuse(self, parts: Sequence[Part]) -> dict[int, Refused]:
        """Return {place: why} of the parts that do not fit any more, one by one in their order."""
        taken = DailyUse.objects.taken(self._limits)
        left = {key: limit - taken[key] for key, limit in self._limits.items()}
        refused: dict[int, Refused] = {}
        for place, part in enumerate(parts):
            keys = [key for key in self._keys_of(part.country) if key in left]
            short = next((key for key in keys if left[key] < part.segments), None)
            if short is not None:
                refused[place] = self._refusal(short, part.segments, left[short])
                continue
            for key in keys:
                left[key] -= part.segments
        return refused

    def short(self, parts: Iterable[Part]) -> list[Refused]:
        """Return every limit that parts together would pass, that of the organization first."""
        wanted = self.addition(parts)
        taken = DailyUse.objects.taken(self._limits)
        return [
            self._refusal(key, wanted[key].segments, limit - taken[key])
            for key, limit in sorted(self._limits.items())
            if key in wanted and taken[key] + wanted[key].segments > limit
        ]

    def first_that_fit(self, parts: Iterable[Part]) -> int:
        """Return how many parts fit, one by one in their order, before the first that does not."""
        taken = DailyUse.objects.taken(self._limits)
        left = {key: limit - taken[key] for key, limit in self._limits.items()}
        fit = 0
        for part in parts:
            keys = [key for key in self._keys_of(part.country) if key in left]
            if any(left[key] < part.segments for key in keys):
                break
            for key in keys:
                left[key] -= part.segments
            fit += 1
        return fit

    def _keys_of(self, country: str) -> list[UseKey]:
        application_id = self._application.pk
        return [
            self._key(ALL_APPLICATIONS, ALL_COUNTRIES),
            self._key(application_id, ALL_COUNTRIES),
            self._key(application_id, country),
        ]

    def may_be_short(self, segments: int, taken: Mapping[int, int]) -> bool:
        """Tell whether so many segments may be too many, by {application: segments taken}."""
        return any(
            taken.get(key.application_id, 0) + segments > limit
            for key, limit in self._limits.items()
            if key.country == ALL_COUNTRIES
        )

    def _refusal(self, key: UseKey, needed: int, left: int) -> Refused:
        if key.application_id == ALL_APPLICATIONS:
            code = RefusalCode.DAILY_LIMIT
        elif key.country == ALL_COUNTRIES:
            code = RefusalCode.APPLICATION_DAILY_LIMIT
        else:
            code = RefusalCode.APPLICATION_COUNTRY_DAILY_LIMIT
        return Refused(
            code,
            needed=needed,
            left=max(left, 0),
            limit=self._limits[key],
            application=self._application.name,
            country=key.country,
        )
