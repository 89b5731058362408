"""A reason of a rejection as decisions store it, in the reader's language.

A reason is {"code", "field", "advice"}; one of the catalogue also has "title" and "fix", its words
by language as they were when the decision was made.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language


def in_language(words: Mapping[str, str]) -> str:
    """Return the words of {"en": …, "zh-hans": …} that the reader gets; English where none are."""
    return words.get(get_language() or "en") or words.get("en") or ""


def title_of(reason: Mapping[str, Any]) -> str:
    """Return what the catalogue calls it, or nothing."""
    return in_language(reason.get("title") or {})


def advice_of(reason: Mapping[str, Any]) -> str:
    """Return what to do: the fix text of the catalogue, and what the reviewer added."""
    fix = in_language(reason.get("fix") or {})
    return " ".join(part for part in (fix, reason.get("advice", "")) if part)
