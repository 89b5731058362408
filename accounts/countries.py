"""Countries by ISO 3166 code, with names in the reader's language."""

from collections.abc import Mapping
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import phonenumbers
from django.utils.translation import get_language


def country_name(code: str) -> str:
    """Return the name of a country, or the code itself when it is unknown."""
    names = _names().get(code, {})
    language = (get_language() or "en")[:2]
    name = names.get(language) or names.get("en") or code
    # A star points to another language in which the country has the same name.
    return names.get(name[1:], code) if name.startswith("*") else name


def country_choices() -> list[tuple[str, str]]:
    """Return code and name of every country that has telephone numbers, by name."""
    codes = phonenumbers.SUPPORTED_REGIONS & _names().keys()
    named = sorted(((country_name(code), code) for code in codes), key=lambda pair: pair[0])
    return [("", ""), *((code, name) for name, code in named)]


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
