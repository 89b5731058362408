"""What the guard keeps of a number or an address: enough to know it again, not to read it."""

from functools import cache
from hashlib import blake2b, sha256

from django.conf import settings

NOBODY = 0
"""Where there is no number or address, or it was erased."""


def guard_digest(text: str, organization_id: int) -> int:
    """Return 63 bits keyed with SECRET_KEY, others in each organization; never NOBODY."""
    return _digest(_key(settings.SECRET_KEY), text, organization_id)


def guard_digests(text: str, organization_id: int) -> list[int]:
    """Return the digest under SECRET_KEY and under each earlier key that still counts."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_digest(_key(key), text, organization_id) for key in keys]


@cache
def _key(secret: str) -> bytes:
    return sha256(b"guard:" + secret.encode()).digest()


def _digest(key: bytes, text: str, organization_id: int) -> int:
    written = f"{organization_id} {text}".encode("utf-8", "surrogatepass")
    octets = blake2b(written, digest_size=8, key=key).digest()
    return (int.from_bytes(octets, "big") >> 1) or 1
