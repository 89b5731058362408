"""Brings the catalogues up to what the code says, and takes what a translator has filled in."""

from pathlib import Path

from babel.messages.catalog import Catalog

from smsconsole.translations import catalogues
from smsconsole.translations.catalogues import Texts, texts_of
from smsconsole.translations.extracting import strings_of

Known = dict[Texts, str | tuple[str, ...]]


def renew(locale: str, known: Known) -> Catalog:
    """Write each app's catalogue; return what has no translation yet, each string once.

    A string that moved to another app keeps its translation, and no translation is guessed.
    """
    known = {**translated(locale), **known}
    missing: set[Texts] = set()
    for app in catalogues.APPS:
        strings = strings_of(app)
        catalog = catalogues.empty(locale, app, strings)
        for message in catalog:
            if message.id:
                message.string = known.get(texts_of(message), message.string)
        catalogues.write(catalog, catalogues.path_of(app, locale))
        missing |= strings - known.keys()
    return catalogues.empty(locale, "what is missing", missing)


def translated(locale: str) -> Known:
    """Return the translations of all apps."""
    known: Known = {}
    for app in catalogues.APPS:
        known.update(filled(catalogues.path_of(app, locale), locale))
    return known


def filled(path: Path, locale: str) -> Known:
    """Return the translations of one file."""
    return {
        texts_of(message): _whole(message.string)
        for message in catalogues.read(path, locale)
        if message.id and any(strings(message.string)) and not message.fuzzy
    }


def _whole(string: str | tuple[str, ...] | list[str] | None) -> str | tuple[str, ...]:
    forms = strings(string)
    return forms if isinstance(string, tuple | list) else forms[0]


def strings(string: str | tuple[str, ...] | list[str] | None) -> Texts:
    """Return a translation as its plural forms, one for a string without."""
    return (string or "",) if not isinstance(string, tuple | list) else tuple(string)
