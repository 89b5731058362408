"""Countries by ISO 3166 code, with names in the reader's language."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import phonenumbers
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MAINLAND = "CN"
# `phonenumbers` knows the numbers of these, and has no names for them.
_NAMES_OF_OURS = {
    "AC": _("Ascension Island"),
    "TA": _("Tristan da Cunha"),
    "XK": _("Kosovo"),
}
# Where the United Nations place each (M49), so that nobody has to argue about ours.
_REGIONS = {
    _("Africa"): (
        "AC AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS "
        "LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TA TD TG TN TZ UG YT "
        "ZA ZM ZW"
    ),
    _("Americas"): (
        "AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GT GY HN "
        "HT JM KN KY LC MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI"
    ),
    _("Asia"): (
        "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM "
        "MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"
    ),
    _("Europe"): (
        "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI "
        "LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK"
    ),
    _("Oceania"): ("AS AU CC CK CX FJ FM GU KI MH MP NC NF NR NU NZ PF PG PW SB TK TO TV VU WF WS"),
}

_REGION_OF = {code: region for region, codes in _REGIONS.items() for code in codes.split()}


@dataclass(frozen=True, slots=True)
class Country:
    """A country that can be sent to."""

    code: str
    name: str
    calling_code: str


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the world, and its countries by name."""

    name: str
    countries: list[Country]


def country_name(code: str) -> str:
    """Return the name of a country, or the code itself when it is unknown."""
    if code in _NAMES_OF_OURS:
        return str(_NAMES_OF_OURS[code])
    names = _names().get(code, {})
    language = (get_language() or "en")[:2]
    name = names.get(language) or names.get("en") or code
    # A star points to another language in which the country has the same name.
    return names.get(name[1:], code) if name.startswith("*") else name


def country_choices() -> list[tuple[str, str]]:
    """Return code and name of every country that has telephone numbers, by name."""
    codes = phonenumbers.SUPPORTED_REGIONS & {*_names(), *_NAMES_OF_OURS}
    named = sorted(((country_name(code), code) for code in codes), key=_alphabetical)
    return [("", ""), *((code, name) for name, code in named)]


def reachable_regions() -> list[Region]:
    """Return the world without the Chinese mainland, where numbers are refused anyway."""
    # A country that is new to the world has no region yet.
    elsewhere = _("Elsewhere")
    found: dict[Any, list[Country]] = {region: [] for region in (*_REGIONS, elsewhere)}
    for code, name in country_choices()[1:]:
        if code != MAINLAND:
            calling_code = f"+{phonenumbers.country_code_for_region(code)}"
            country = Country(code, name, calling_code)
            found[_REGION_OF.get(code, elsewhere)].append(country)
    return [Region(str(region), countries) for region, countries in found.items() if countries]


def _alphabetical(pair: tuple[str, str]) -> str:
    """Return what a name is sorted by: Åland stands with A, where people look for it."""
    letters = unicodedata.normalize("NFKD", pair[0])
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    """Return names by country and language.

    They are read from their file: to import them by name would load the towns of the world too,
    100 MB in each process.
    """
    path = Path(phonenumbers.__file__).parent / "geodata" / "locale.py"
    spec = spec_from_file_location("phonenumbers.geodata.locale", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    names: Mapping[str, Mapping[str, str]] = module.LOCALE_DATA
    return names
