"""Names of languages for people, and the tags of names that people write."""

from collections.abc import Iterable
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def language_choices() -> list[tuple[str, Any]]:
    """Return every language a text can be written in, after one choice for none in particular."""
    named = ((tag, language_name(tag)) for tag, info in LANG_INFO.items() if "name" in info)
    return [("", gettext_lazy("Not said")), *sorted(named, key=lambda choice: choice[1].casefold())]


def language_name(tag: str) -> str:
    """Return the name of a language in the reader's language; its tag where there is none."""
    info = LANG_INFO.get(tag, {})
    return _(info["name"]) if "name" in info else tag


def every_alias() -> dict[str, str]:
    """Return how people write any language in a cell."""
    return aliases_of(LANG_INFO)


def aliases_of(tags: Iterable[str]) -> dict[str, str]:
    """Return how people write these languages in a cell: their names, in English and their own."""
    found: dict[str, str] = {}
    for tag in tags:
        info = LANG_INFO.get(tag, {})
        for key in ("name", "name_local"):
            if key in info:
                found[info[key].lower()] = tag
    return found
