"""The time zones that people choose from."""

import zoneinfo
from functools import cache
from typing import Any

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from accounts.countries import alphabetical

_REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}
# Other names of the same zones.
_SAME = get_global("zone_aliases")


def time_zone_choices() -> list[tuple[str, Any]]:
    """Return UTC and the zones of the world grouped by region, the city first."""
    return _choices(get_language() or settings.LANGUAGE_CODE)


@cache
def _choices(language: str) -> list[tuple[Any, Any]]:
    known = Locale.parse(to_locale(language)).time_zones
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in _REGIONS}
    for zone in zoneinfo.available_timezones():
        region, _slash, place = zone.partition("/")
        if place and region in groups:
            # CLDR names a city where its name differs from the zone's.
            english = place.replace("_", " ").replace("/", ", ")
            named = known.get(zone) or known.get(_SAME.get(zone, ""), {})
            groups[region].append((named.get("city", english), zone))
    return [
        ("UTC", "UTC"),
        *(
            (_REGIONS[region], [(zone, city) for city, zone in sorted(cities, key=alphabetical)])
            for region, cities in groups.items()
        ),
    ]
