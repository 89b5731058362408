"""Seals of the audit trail: an HMAC over an entry and the seal before it, with a key of our own.

Somebody who can write to the database, but does not know SECRET_KEY, can neither change an entry
nor make a chain anew from where they cut it.
"""

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings

NOTHING_BEFORE = "0" * 64
"""What stands in for the seal before the first entry."""


def seal(facts: list[Any], before: str) -> str:
    """Return the seal (64 hexadecimal digits) of an entry that follows the seal `before`."""
    return _hmac(settings.SECRET_KEY, facts, before)


def is_sealed(facts: list[Any], before: str, seal: str) -> bool:
    """Tell whether `seal` belongs to an entry, under SECRET_KEY or one of its fallbacks."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_hmac(key, facts, before), seal) for key in keys)


def _hmac(secret: str, facts: list[Any], before: str) -> str:
    key = hashlib.sha256(b"audit trail:" + secret.encode()).digest()
    text = json.dumps([before, *facts], sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
