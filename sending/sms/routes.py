"""Which route a number takes: by its leading digits and its country."""

from collections.abc import Iterable

# Digits without plus, and a country; both may be empty.
Key = tuple[str, str]


class RouteKeys:
    """The keys of all routes, compiled for asking a million times.

    The longest prefix wins, then the named country.
    """

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys = frozenset(keys)
        self._lengths = sorted({len(prefix) for prefix, _ in self._keys}, reverse=True)

    @property
    def by_country_only(self) -> bool:
        """Whether all numbers of a country take the same route."""
        return not any(self._lengths)

    def key_of(self, digits: str, country: str) -> Key | None:
        """Return the route that an E.164 number without plus takes, or None when none fits."""
        for length in self._lengths:
            for key in ((digits[:length], country), (digits[:length], "")):
                if key in self._keys:
                    return key
        return None
