"""Has every number that has a route a price, and the other way round?"""

from collections.abc import Iterable, Iterator, Mapping

import phonenumbers

from sending.models import PriceVersion, Route
from smsconsole.doctor.registry import Diagnosis, check, problem, warning, well

_SHOWN = 10
_PRICES = "Administration, Price lists: copy the list to a draft, add the rows, give it a date."
_ROUTES = "Administration, Routes, or ./console manage bootstrap --route."


@check("routes")
def routes() -> Iterator[Diagnosis]:
    """Compare the routes with the price list in force."""
    ways = list(Route.objects.values_list("prefix", "country"))
    version = PriceVersion.current()
    prices = version.by_country() if version else None
    yield from compare(ways, prices)


def compare(
    ways: Iterable[tuple[str, str]], prices: Mapping[str, int] | None
) -> Iterator[Diagnosis]:
    """Yield findings about routes (prefix, country) and prices; None: no list is in force."""
    ways = list(ways)
    if not ways:
        yield problem("routes", "There is no route, so every number is refused.", _ROUTES)
    if prices is None:
        yield problem(
            "prices",
            "No price list is in force, so every check of recipients is refused.",
            "Run ./console manage bootstrap with --price, or add one in the administration.",
        )
    if not ways or prices is None:
        return
    routed = set().union(*(countries_of(*way) for way in ways))
    everywhere = ("", "") in ways
    unpriced = sorted(routed - prices.keys()) if "" not in prices else []
    unrouted = sorted(country for country in prices if country and country not in routed)
    if unpriced:
        sentence = f"Countries with a route and without a price: {_listed(unpriced)}."
        yield warning("prices", f"{sentence} Their numbers are refused.", _PRICES)
    if unrouted and not everywhere:
        sentence = f"Countries with a price and without a route: {_listed(unrouted)}."
        yield warning("routes", f"{sentence} Their numbers are refused.", _ROUTES)
    if not unpriced and not (unrouted and not everywhere):
        yield well("routes", f"{len(ways)} routes and the prices in force fit each other.")


def countries_of(prefix: str, country: str) -> set[str]:
    """Return the countries (ISO 3166) of which some number takes a route."""
    if country:
        return {country}
    if not prefix:
        return set(phonenumbers.SUPPORTED_REGIONS)
    return {
        region
        for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()
        if prefix.startswith(str(code)) or str(code).startswith(prefix)
        for region in regions
        if region in phonenumbers.SUPPORTED_REGIONS
    }


def _listed(countries: list[str]) -> str:
    more = len(countries) - _SHOWN
    return ", ".join(countries[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
