"""Countries by ISO 3166 code, with the names of Unicode's CLDR in the reader's language."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import phonenumbers
from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

MAINLAND = "CN"
# Where CLDR has a short form too, which Babel leaves out.
_SHORT = {"HK": _("Hong Kong"), "MO": _("Macao"), "MM": _("Myanmar")}
# Codes that CLDR names, and that are none: unions, what is unknown, and locales for tests.
_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
# These begin names, and stand behind the common characters: others that sound alike.
_ALIKE = str.maketrans("斐梵瑙", "飞饭闹")
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
    return str(_SHORT[code]) if code in _SHORT else _names(_language()).get(code, code)


def country_choices() -> list[tuple[str, str]]:
    """Return code and name of every country that has telephone numbers, by name."""
    codes = phonenumbers.SUPPORTED_REGIONS & _names(_language()).keys()
    named = sorted(((country_name(code), code) for code in codes), key=alphabetical)
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


def sorted_names(codes: Iterable[str]) -> list[str]:
    """Return the names of countries in the order of the reader's language."""
    return [name for name, _code in sorted(((country_name(c), c) for c in codes), key=alphabetical)]


def alphabetical(pair: tuple[str, str]) -> bytes:
    """Return what a pair of name and code is sorted by.

    Åland stands with A, where people look for it. Chinese names stand in the order of pinyin, in
    which GB 18030 has the common characters.
    """
    letters = unicodedata.normalize("NFKD", pair[0].translate(_ALIKE))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.casefold().encode("gb18030")


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@cache
def _names(language: str) -> Mapping[str, str]:
    """Return names by country in one language."""
    named = Locale.parse(to_locale(language)).territories.items()
    return {code: name for code, name in named if len(code) == 2 and code not in _NO_COUNTRIES}
