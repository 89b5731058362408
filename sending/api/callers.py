"""Who has the id of a key: looked up every two seconds at most, so requests cost no query."""

import dataclasses
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from accounts.models import ApiKey, KeyKind
from accounts.sids import ACCOUNT, sid_of

REMEMBERED_SECONDS = 2.0
"""For so long a key works on after it was revoked, and its application after it was switched off.

What acceptance asks in its transaction (suspension, limits) is never older than that transaction.
"""
_MOST_REMEMBERED = 5_000
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Caller:
    """An API key with what is asked of it and of its application on every request."""

    api_key_id: int
    kind: KeyKind
    secret_id: str
    secret_key: str = dataclasses.field(repr=False)
    second_key: str = dataclasses.field(repr=False)
    allowed_networks: tuple[IPv4Network | IPv6Network, ...]
    expires_at: datetime | None
    revoked_at: datetime | None
    created_by_id: int | None
    application_id: int
    sdk_app_id: str
    application_name: str
    is_application_enabled: bool
    organization_id: int

    @property
    def account_sid(self) -> str:
        """Return the name of the application to programs on the SDKs of Twilio."""
        return sid_of(ACCOUNT, self.application_id)

    def may_ask_from(self, address: str) -> bool:
        """Tell whether the key may be used from an address."""
        if not self.allowed_networks:
            return True
        try:
            here = ip_address(address)
        except ValueError:
            return False
        return any(here in network for network in self.allowed_networks)


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
    # Any organization: the id names the key, and its secret will prove it.
    key = ApiKey.objects.filter(secret_id=secret_id).select_related("application").first()
    if key is None:
        return None
    application = key.application
    return Caller(
        api_key_id=key.pk,
        kind=KeyKind(key.kind),
        secret_id=key.secret_id,
        secret_key=key.secret_key,
        second_key=key.second_key,
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
