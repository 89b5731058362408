"""Who has a SecretId: looked up at most every two seconds, so that a request costs no query."""

import threading
import time
from collections import OrderedDict
from ipaddress import ip_network

from accounts.models import ApiKey
from sending.api.tencent.call import Caller

REMEMBERED_SECONDS = 2.0
"""For so long a key works on after it was revoked, and its application after it was switched off.

What acceptance asks in its transaction (suspension, limits) is never older than that transaction.
"""
_MOST_REMEMBERED = 5_000
_lock = threading.Lock()
_remembered: OrderedDict[str, tuple[float, Caller | None]] = OrderedDict()


def caller_of(secret_id: str) -> Caller | None:
    """Return the key, also one that was revoked; None where no key has this id."""
    now = time.monotonic()
    with _lock:
        known = _remembered.get(secret_id)
    if known is not None and known[0] > now:
        return known[1]
    caller = _look_up(secret_id)
    with _lock:
        _remembered[secret_id] = (now + REMEMBERED_SECONDS, caller)
        _remembered.move_to_end(secret_id)
        while len(_remembered) > _MOST_REMEMBERED:
            _remembered.popitem(last=False)
    return caller


def forget() -> None:
    """Look all of them up anew."""
    with _lock:
        _remembered.clear()


def _look_up(secret_id: str) -> Caller | None:
    # Any organization: the id names the key, and the signature will prove it.
    key = ApiKey.objects.filter(secret_id=secret_id).select_related("application").first()
    if key is None:
        return None
    application = key.application
    return Caller(
        api_key_id=key.pk,
        secret_id=key.secret_id,
        secret_key=key.secret_key,
        allowed_networks=tuple(ip_network(one, strict=False) for one in key.allowed_networks),
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        created_by_id=key.created_by_id,
        application_id=application.pk,
        sdk_app_id=application.sdk_app_id,
        application_name=application.name,
        is_application_enabled=application.is_enabled,
        organization_id=key.organization_id,
    )
