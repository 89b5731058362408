"""How the limits of an application fit together, and the list of its countries as lines."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.countries import country_name, reachable_regions
from accounts.models import ApplicationCountry, Organization

MOST_FAULTS = 10
# DE; DE 500; DE,500; DE;500; DE and 500 in two columns of a spreadsheet.
_LINE = re.compile(r"([A-Za-z]{2})(?:[\s,;]+([0-9]{1,10}))?[\s,;]*")

CountryLimits = Mapping[str, int | None]
"""Segments a day by ISO 3166 code; None where only the limit of the application holds."""


def limit_faults(
    organization: Organization, wanted: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield (field, sentence) for what does not fit; a value that is not there fits."""
    most = organization.daily_segment_limit
    limit, alarm = wanted.get("daily_segment_limit"), wanted.get("daily_alarm_segments")
    if limit and limit > most:
        yield "daily_segment_limit", _too_high(most)
    if alarm and alarm > (top := min(limit or most, most)):
        yield (
            "daily_alarm_segments",
            _("Enter at most the limit, %(most)s: no more is sent in a day.")
            % {"most": f"{top:,}"},
        )
    elif alarm and not wanted.get("alarm_contacts"):
        yield "alarm_contacts", _("Choose who is told. Contacts are kept under Settings.")
    hourly, daily = wanted.get("number_hourly_limit"), wanted.get("number_daily_limit")
    if hourly and daily and hourly > daily:
        yield "number_hourly_limit", _("Enter at most the messages a day.")


def country_faults(
    organization: Organization, most: int, limits: CountryLimits
) -> Iterator[tuple[str, str]]:
    """Yield (code, sentence) for each country that cannot be sent to so; `most` is for a day."""
    reachable = {country.code for region in reachable_regions() for country in region.countries}
    allowed = set(organization.allowed_countries) or reachable
    for code, limit in limits.items():
        if code not in reachable:
            yield code, _("“%(code)s” is not a country you can send to.") % {"code": code}
        elif code not in allowed:
            yield (
                code,
                _("%(organization)s does not send to %(country)s. Allow it under Settings first.")
                % {"organization": organization.name, "country": country_name(code)},
            )
        elif limit is not None and limit > most:
            yield code, f"{country_name(code)}: {_too_high_of_day(most)}"


def country_lines(text: str, most: int) -> tuple[dict[str, int | None], list[str]]:
    """Return daily limits by country, and a sentence for each line that says none.

    A country that is there twice is a fault: nobody could tell which line holds.
    """
    limits: dict[str, int | None] = {}
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if fault := _read(line.strip(), limits, most):
            faults.append(_("Line %(n)d: %(fault)s") % {"n": number, "fault": fault})
    return limits, shortened(faults)


def shortened(faults: list[str]) -> list[str]:
    """Return the first few sentences, and how many more there are."""
    more = len(faults) - MOST_FAULTS
    if more <= 0:
        return faults
    rest = ngettext("%(n)d more line to correct.", "%(n)d more lines to correct.", more)
    return [*faults[:MOST_FAULTS], rest % {"n": more}]


def as_lines(countries: list[ApplicationCountry]) -> str:
    """Return the list as its form shows it."""
    return "\n".join(
        one.country
        if one.daily_segment_limit is None
        else f"{one.country} {one.daily_segment_limit}"
        for one in countries
    )


def _read(line: str, limits: dict[str, int | None], most: int) -> str:
    """Add what a line says; return what is wrong with it, or nothing."""
    found = _LINE.fullmatch(line)
    if not found:
        return _("“%(line)s” is not a country and segments a day, such as DE 500.") % {
            "line": line[:40]
        }
    code, limit = found[1].upper(), int(found[2]) if found[2] else None
    if code in limits:
        return _("%(code)s is in the list twice.") % {"code": code}
    if limit is not None and not 0 < limit <= most:
        return _("Enter segments a day from 1, or none.")
    limits[code] = limit
    return ""


def _too_high(most: int) -> str:
    return _("Enter at most %(most)s, the limit of the organization.") % {"most": f"{most:,}"}


def _too_high_of_day(most: int) -> str:
    return _("enter at most %(most)s, the limit of the application.") % {"most": f"{most:,}"}
