"""The keys under which codes count."""

from collections.abc import Sequence

from django.conf import settings


def secret_keys() -> Sequence[str]:
    """Return SECRET_KEY and those before it, the newest first."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
