"""The routes by country: which gateways may take messages to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Self

import phonenumbers

from sending.models.gateway import Route


class CountryRoutes:
    """Which gateways may take messages to a country, in the order of its routes."""

    def __init__(self, routes: Iterable[tuple[str, str, int]]) -> None:
        self._by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
        for prefix, country, gateway_id in routes:
            self._by_key[prefix, country].append(gateway_id)

    @classmethod
    def load(cls) -> Self:
        """Read the routes."""
        routes = Route.objects.order_by("order").values_list("prefix", "country", "gateway_id")
        return cls(routes)

    def to_any(self, countries: Collection[str]) -> set[int]:
        """Return the gateways that numbers of some countries may take; none stand for all."""
        if not countries:
            return {pk for gateways in self._by_key.values() for pk in gateways}
        return {pk for country in countries for pk in self.to(country)}

    @property
    def countries(self) -> set[str]:
        """Return the countries that a route names, or whose country code a prefix begins with."""
        named = {country for _prefix, country in self._by_key if country}
        return named | {
            region for prefix, country in self._by_key if not country for region in _regions(prefix)
        }

    def to(self, country: str) -> list[int]:
        """Return the gateways of all routes that numbers of a country may take, each once.

        The longest prefix wins and then the named country, so the route for all numbers is taken
        only where none is for the whole country.
        """
        if not country:
            return list(dict.fromkeys(self._by_key.get(("", ""), [])))
        code = str(phonenumbers.country_code_for_region(country))
        parts = [
            key
            for key in self._by_key
            if len(key[0]) > len(code) and key[0].startswith(code) and key[1] in {"", country}
        ]
        whole = ((code, country), (code, ""), ("", country), ("", ""))
        keys = [*parts, *[key for key in whole if key in self._by_key][:1]]
        return list(dict.fromkeys(pk for key in keys for pk in self._by_key[key]))


def _regions(prefix: str) -> set[str]:
    """Return the countries of the country code that a prefix begins with; several share +1."""
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    found = next((codes[int(prefix[:n])] for n in (1, 2, 3) if int(prefix[:n] or 0) in codes), ())
    return set(found) - {"001"} if prefix else set()
