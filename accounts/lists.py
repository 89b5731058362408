"""Lists in a sentence."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


def listed(items: Iterable[object]) -> str:
    """Return what is in a list, as the language of the page writes one."""
    return _(", ").join(map(str, items))
