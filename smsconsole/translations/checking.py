"""What is wrong with a catalogue: nothing untranslated, guessed, left over, or broken."""

import re
from collections import Counter
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from smsconsole.translations import catalogues
from smsconsole.translations.catalogues import texts_of
from smsconsole.translations.extracting import strings_of
from smsconsole.translations.renewing import strings

# What stands for a value or is markup: %(name)s, %s, %%, {name}, {1}, <strong>, </a>.
_KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?[a-z][^<>]*>")


def problems(locale: str) -> Iterator[str]:
    """Yield a line for each fault of a language."""
    said: dict[tuple[str, ...], tuple[str, ...]] = {}
    for app in catalogues.APPS:
        catalog = catalogues.read(catalogues.path_of(app, locale), locale)
        of_code = strings_of(app)
        of_catalog = {texts_of(message) for message in catalog if message.id}
        for texts in sorted(of_code - of_catalog):
            yield f"{app}: {texts[0]!r} is not in the catalogue."
        for texts in sorted(of_catalog - of_code):
            yield f"{app}: {texts[0]!r} is no longer in the code."
        for leftover in catalog.obsolete:
            yield f"{app}: {leftover!r} is obsolete."
        yield from (f"{app}: {each}" for each in faults(catalog))
        for message in catalog:
            texts, here = texts_of(message), strings(message.string)
            if said.setdefault(texts, here) != here and message.id:
                yield f"{app}: {texts[0]!r} is translated differently in another app."


def faults(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translations of a catalogue."""
    plural_forms = get_plural(catalog.locale).num_plurals
    for message in catalog:
        if not message.id:
            continue
        texts, forms = texts_of(message), strings(message.string)
        if message.fuzzy:
            yield f"{texts[0]!r} is fuzzy."
        if not all(forms):
            yield f"{texts[0]!r} is not translated."
        elif len(forms) != (plural_forms if len(texts) > 1 else 1):
            yield f"{texts[0]!r} has {len(forms)} plural forms, not {plural_forms}."
        else:
            yield from _form_faults(message, texts, forms)


def _form_faults(message: Message, texts: tuple[str, ...], forms: tuple[str, ...]) -> Iterator[str]:
    wanted = _kept(texts[-1])
    for form in forms:
        # "One message" names no number; the form for many does.
        if _kept(form) != wanted and not (len(forms) > 1 and _kept(form) == _kept(texts[0])):
            yield f"{message.id!r}: {form!r} has other placeholders or markup."
        if form.strip() != form and texts[0].strip() == texts[0]:
            yield f"{message.id!r}: {form!r} begins or ends with a space."


def _kept(text: str) -> Counter[str]:
    return Counter(_KEPT.findall(text))
