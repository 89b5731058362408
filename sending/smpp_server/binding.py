"""Who may bind: the login, where it comes from, how many binds there are, and who is locked out."""

import ipaddress
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from accounts import shared_time
from sending.models import BindType, SmppAccount, SmppBind, SmppLockOut
from sending.smpp.command_status import ESME_RBINDFAIL, ESME_RINVPASWD, ESME_ROK

log = logging.getLogger(__name__)

# Failures in a row that cost nothing, and then how long the first and the longest lock is.
_FREE = 3
_FIRST_LOCK = timedelta(seconds=2)
_LONGEST_LOCK = timedelta(minutes=15)
_FORGOTTEN = timedelta(days=1)
# Logins that one address has failed with lately, after which nothing of it is looked at.
_MOST_LOGINS = 20
_LATELY = timedelta(minutes=10)
_SYSTEM_ID = re.compile(r"[A-Za-z0-9_-]{1,15}")


class BindRefusal(StrEnum):
    """Why a bind failed, as the console shows it."""

    PASSWORD = "PASSWORD"  # noqa: S105 - a code.
    UNKNOWN = "UNKNOWN"
    ADDRESS = "ADDRESS"
    TLS = "TLS"
    CERTIFICATE = "CERTIFICATE"
    DISABLED = "DISABLED"
    TOO_MANY_BINDS = "TOO_MANY_BINDS"
    LOCKED = "LOCKED"


# Those by which somebody may be guessing; the others are about an account that proved itself.
_GUESSES = frozenset({BindRefusal.PASSWORD, BindRefusal.UNKNOWN})


@dataclass(frozen=True, slots=True)
class BindAsked:
    """What a client says of itself, and what we see of it."""

    system_id: str
    password: str
    bind_type: BindType
    address: str
    is_tls: bool
    # SHA-256 of what the client showed over TLS, and the operator's authority had signed.
    certificate_sha256: str = ""
    interface_version: int = 0
    system_type: str = ""


@dataclass(frozen=True, slots=True)
class BindAnswer:
    """The status, and the account and its live bind when it is ESME_ROK."""

    status: int
    refusal: BindRefusal | None = None
    account: SmppAccount | None = None
    bind: SmppBind | None = None


def try_bind(asked: BindAsked, instance: str) -> BindAnswer:
    """Decide about a bind, and note it: as a live one, or as one that failed."""
    now = shared_time.now()
    if _is_locked(asked, now):
        return BindAnswer(ESME_RBINDFAIL, BindRefusal.LOCKED)
    account = SmppAccount.objects.filter(system_id=asked.system_id).first()
    refusal = _refusal(account, asked)
    if account is None or refusal is not None:
        _note_failure(account, asked, refusal or BindRefusal.UNKNOWN, now)
        status = ESME_RINVPASWD if refusal in _GUESSES else ESME_RBINDFAIL
        return BindAnswer(status, refusal)
    bind = _live_bind(account, asked, instance, now)
    if bind is None:
        _note_failure(account, asked, BindRefusal.TOO_MANY_BINDS, now)
        return BindAnswer(ESME_RBINDFAIL, BindRefusal.TOO_MANY_BINDS)
    SmppLockOut.objects.filter(address=asked.address, system_id=asked.system_id).delete()
    return BindAnswer(ESME_ROK, None, account, bind)


def _refusal(account: SmppAccount | None, asked: BindAsked) -> BindRefusal | None:
    """Return what speaks against a bind; who does not know the password learns nothing else."""
    if account is None:
        # As long as it takes to compare: nobody shall learn which accounts there are.
        make_password(asked.password)
        return BindRefusal.UNKNOWN
    if not account.has_password(asked.password):
        return BindRefusal.PASSWORD
    networks, certificate = account.allowed_networks, account.certificate_sha256
    refusals = {
        BindRefusal.DISABLED: not account.is_enabled,
        BindRefusal.TLS: not asked.is_tls and (account.requires_tls or not networks),
        BindRefusal.CERTIFICATE: certificate not in {"", asked.certificate_sha256},
        BindRefusal.ADDRESS: networks and not is_within(asked.address, networks),
    }
    return next((refusal for refusal, holds in refusals.items() if holds), None)


def is_within(address: str, networks: list[str]) -> bool:
    """Tell whether an address is in one of the networks; an IPv4 one may be written as IPv6."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in ipaddress.ip_network(network) for network in networks)


def _live_bind(
    account: SmppAccount, asked: BindAsked, instance: str, now: datetime
) -> SmppBind | None:
    """Return the new bind; None where the account has as many as it may."""
    with transaction.atomic():
        # Binds of one account come one after the other, whichever server they come to.
        locked = SmppAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
        live = SmppBind.objects.filter(account=locked).live()
        submits = asked.bind_type is not BindType.RECEIVER
        submitting = live.exclude(bind_type=BindType.RECEIVER.value)
        if live.count() >= locked.most_binds:
            return None
        if submits and submitting.count() >= locked.most_transmitters:
            return None
        locked.last_bound_at, locked.last_bound_address = now, asked.address
        locked.save(update_fields=["last_bound_at", "last_bound_address"])
        return SmppBind.objects.create(
            organization_id=locked.organization_id,
            account=locked,
            instance=instance,
            bind_type=asked.bind_type.value,
            address=asked.address,
            is_tls=asked.is_tls,
            interface_version=asked.interface_version,
            system_type="".join(filter(str.isprintable, asked.system_type))[:13],
        )


def _is_locked(asked: BindAsked, now: datetime) -> bool:
    failed = SmppLockOut.objects.filter(address=asked.address)
    if failed.filter(system_id=_named(asked), locked_until__gt=now).exists():
        return True
    guessed = failed.filter(reason__in=_GUESSES, failed_at__gt=now - _LATELY)
    return guessed.count() >= _MOST_LOGINS


def _named(asked: BindAsked) -> str:
    """Return a system_id as it may be kept: one that no account can have is kept as none."""
    return asked.system_id if _SYSTEM_ID.fullmatch(asked.system_id) else ""


def _note_failure(
    account: SmppAccount | None, asked: BindAsked, refusal: BindRefusal, now: datetime
) -> None:
    named = _named(asked)
    log.warning("smpp bind of %r from %s refused: %s", named, asked.address, refusal.value)
    rows = SmppLockOut.objects.filter(address=asked.address, system_id=named)
    row, _made = rows.get_or_create(
        defaults={"reason": refusal.value, "failed_at": now, "locked_until": now},
        address=asked.address,
        system_id=named,
    )
    failures = row.failures + 1 if refusal in _GUESSES else 0
    known = {"account": account, "organization_id": account and account.organization_id}
    rows.update(
        failures=F("failures") + 1,
        reason=refusal.value,
        failed_at=now,
        locked_until=now + _lock_after(failures),
        **known,
    )


def _lock_after(failures: int) -> timedelta:
    """Return for how long nobody looks, twice as long with each failure."""
    if failures <= _FREE:
        return timedelta(0)
    doublings = min(failures - _FREE - 1, 20)
    return min(_FIRST_LOCK * (1 << doublings), _LONGEST_LOCK)


def release(bind: SmppBind) -> None:
    """Take a bind off the list of those that live."""
    SmppBind.objects.filter(pk=bind.pk).delete()


def forget() -> int:
    """Delete binds of servers that died, and failures of yesterday; return how many rows."""
    now = shared_time.now()
    dead = SmppBind.objects.filter(seen_at__lt=now - _LATELY)
    failed = SmppLockOut.objects.filter(failed_at__lt=now - _FORGOTTEN, locked_until__lt=now)
    return dead.delete()[0] + failed.delete()[0]
