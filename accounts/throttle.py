"""Slows down guessing of passwords, without letting a stranger keep anybody out.

Failures are counted for a person at an address, and for the address. Nothing is counted for a
person alone: who fails elsewhere never keeps the owner out. A browser that has signed in as the
person before has a counter of its own, so that not even somebody behind the same address can.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from accounts import shared_time
from accounts.devices import known_device
from accounts.models import LoginThrottle

FIRST_WAIT = timedelta(seconds=15)
"""It doubles with each failure more."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many failures are free, and how far the wait grows."""

    name: str
    free: int
    longest_wait: timedelta
    forgotten_after: timedelta

    def wait(self, failures: int) -> timedelta:
        """Return how long nobody may try after so many failures in a row."""
        if failures < self.free:
            return timedelta(0)
        # Beyond 2**20 it only overflows.
        return min(FIRST_WAIT * (1 << min(failures - self.free, 20)), self.longest_wait)


DEVICE = Allowance("device", 5, timedelta(hours=1), forgotten_after=timedelta(days=1))
PERSON_AT_ADDRESS = Allowance("person", 5, timedelta(hours=1), forgotten_after=timedelta(days=1))
# An office shares one address.
ADDRESS = Allowance("address", 30, timedelta(minutes=15), forgotten_after=timedelta(hours=1))
KEPT_FOR = max(each.forgotten_after for each in (DEVICE, PERSON_AT_ADDRESS, ADDRESS))


class LoginAttempt:
    """One try to sign in: counted as failed before the password is looked at.

    Otherwise a hundred tries at the same moment would all be free.
    """

    def __init__(self, request: HttpRequest, email: str) -> None:
        self._keys = _keys(request, email)
        self._counted: list[LoginThrottle] = []

    @transaction.atomic
    def begin(self) -> timedelta:
        """Count the attempt; return how long to wait instead, where it may not be made."""
        now = shared_time.now()
        counters = {allowance: _locked(key, now) for allowance, key in self._keys.items()}
        wait = max((row.blocked_until or now) - now for row in counters.values())
        if wait > timedelta(0):
            return wait
        for allowance, row in counters.items():
            if now - row.last_at > allowance.forgotten_after:
                row.failures = 0
            row.failures += 1
            row.last_at = now
            row.blocked_until = now + allowance.wait(row.failures)
            row.save()
        self._counted = list(counters.values())
        return timedelta(0)

    @transaction.atomic
    def succeed(self) -> None:
        """Take the attempt back: the person begins anew, the address keeps its other failures."""
        for row in self._counted:
            counter = LoginThrottle.objects.filter(pk=row.pk)
            # Whoever failed meanwhile has set a later time, which stays.
            counter.filter(blocked_until=row.blocked_until).update(blocked_until=None)
            counter.filter(failures__gt=0).update(failures=F("failures") - 1)
        _forget(self._keys)


def forgive(request: HttpRequest, email: str) -> None:
    """Let a person begin anew who has proved by mail who they are."""
    _forget(_keys(request, email))


def _keys(request: HttpRequest, email: str) -> dict[Allowance, str]:
    """Return which counters a try is counted in."""
    account = email.strip().lower()
    if device := known_device(request, account):
        return {DEVICE: _hashed(DEVICE, device, account)}
    address = _network(request.META.get("REMOTE_ADDR", ""))
    return {
        PERSON_AT_ADDRESS: _hashed(PERSON_AT_ADDRESS, address, account),
        ADDRESS: _hashed(ADDRESS, address),
    }


def _network(address: str) -> str:
    """Return the address; of IPv6 the network that one subscriber has to choose from."""
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return address if version == 4 else str(ip_network((address, 64), strict=False))


def _hashed(allowance: Allowance, *parts: str) -> str:
    return hashlib.sha256("\n".join((allowance.name, *parts)).encode()).hexdigest()


def _locked(key: str, now: datetime) -> LoginThrottle:
    """Return the counter while nobody else counts; a new one takes the place of old ones."""
    counters = LoginThrottle.objects.select_for_update()
    row, made = counters.get_or_create(key=key, defaults={"last_at": now})
    if made:
        LoginThrottle.objects.filter(last_at__lt=now - KEPT_FOR).delete()
    return row


def _forget(keys: dict[Allowance, str]) -> None:
    own = [key for allowance, key in keys.items() if allowance is not ADDRESS]
    LoginThrottle.objects.filter(key__in=own).delete()
