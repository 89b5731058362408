"""Params of sentences as people read them: lists, sizes, figures, singular and plural."""

from collections.abc import Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.lists import listed

Words = str | Promise

# Params that count bytes.
_SIZES = frozenset({"size", "size_limit"})


class Figure(int):
    """A whole number that chooses between singular and plural, grouped where it is long."""

    grouped_from = 10_000

    def __str__(self) -> str:
        return f"{int(self):,}" if self >= self.grouped_from else int.__repr__(self)


class ButtonFigure(Figure):
    """One that is grouped as buttons and tables show it."""

    grouped_from = 1_000


class _Gap(int):
    """What a sentence has instead of a param that is missing: no error page."""

    def __str__(self) -> str:
        return "…"


class _Params(dict[str, str | int]):
    """Params of a sentence; one that is missing leaves a gap."""

    def __missing__(self, key: str) -> _Gap:
        return _Gap()


def formatted(words: Words, params: Mapping[str, Any]) -> str:
    """Return the words with their %(name)s replaced as people read them."""
    shown = _Params({name: _shown(name, value) for name, value in params.items()})
    return str(words % shown)


def _shown(name: str, value: Any) -> str | int:
    """Return a param as people read it: lists with commas, sizes in MB, figures grouped."""
    if isinstance(value, list):
        return listed(value) or _("none")
    if name in _SIZES:
        return str(filesizeformat(value))
    if isinstance(value, Figure):
        return value
    return Figure(value) if isinstance(value, int) else str(value)
