"""What is kept of a number that was erased: enough to know it again, not to read it."""

import base64
import hashlib
import hmac

from django.conf import settings

# Begins a digest in a column of numbers, which begin with a plus.
MARK = "#"
# With its mark as long as a column of numbers: 90 bits.
_CHARACTERS = 15


def number_digest(msisdn: str, organization_id: int = 0) -> str:
    """Return a digest of a number, keyed with SECRET_KEY; another one in each organization."""
    return _digest(settings.SECRET_KEY, msisdn, organization_id)


def number_digests(msisdn: str, organization_id: int = 0) -> list[str]:
    """Return the digest under SECRET_KEY and under each earlier key that still counts."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_digest(key, msisdn, organization_id) for key in keys]


def _digest(key: str, msisdn: str, organization_id: int) -> str:
    octets = hmac.digest(
        hashlib.sha256(b"number:" + key.encode()).digest(),
        f"{organization_id} {msisdn}".encode(),
        "sha256",
    )
    return MARK + base64.urlsafe_b64encode(octets).decode()[:_CHARACTERS]
