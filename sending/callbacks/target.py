"""The URL of a callback, read: where to connect, and what to ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from sending.gateways.http.settings import Origin

_DEFAULT_PORTS = {"https": 443, "http": 80}
# Ports below are other services': what is posted there could mean something to them.
_FIRST_FREE_PORT = 1024


class BadUrl(ValueError):
    """No URL that can be called back."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go; `path` has the query."""

    origin: Origin
    path: str


def read_url(url: str) -> Target:
    """Return the parts of a callback URL; raise BadUrl.

    It has http or https, a host, no user name and no fragment, and its port is the usual one of its
    scheme or above 1023.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadUrl(url) from error
    default = _DEFAULT_PORTS.get(parts.scheme)
    if default is None or not parts.hostname or parts.fragment or "@" in parts.netloc:
        raise BadUrl(url)
    if not re.fullmatch(r"[\x21-\x7e]+", url):
        raise BadUrl(url)
    if port is not None and port < _FIRST_FREE_PORT and port not in _DEFAULT_PORTS.values():
        raise BadUrl(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(Origin(parts.scheme, parts.hostname, port or default), path)
