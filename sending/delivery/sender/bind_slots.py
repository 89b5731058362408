"""Bind slots: the right to hold one of a gateway's connections, leased for seconds."""

from datetime import timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet

from accounts import shared_time
from accounts.models import Standing
from sending.delivery.database import durably
from sending.models import BindSlot

LEASE_SECONDS = 15.0
# The owner stops writing this long before others may think that the lease is over.
_MARGIN_SECONDS = 3.0


def clock() -> float:
    """Return seconds of a clock that nobody sets and nothing stops."""
    return shared_time.steady()


class TakenSlot(NamedTuple):
    """The history of the database in which a slot was taken, and how far it had come."""

    instance: str
    # Those of the slot until then.
    claims: int
    # Of the database, with this one.
    generation: int


# Nothing is claimed without the slot, and nothing while the console is held.
_COUNT_CLAIM = (
    f"UPDATE {BindSlot._meta.db_table} SET claims = claims + 1"  # noqa: S608
    " WHERE gateway_id = %s AND number = %s AND owner = %s AND NOT EXISTS"
    f" (SELECT 1 FROM {Standing._meta.db_table} WHERE held_since IS NOT NULL)"
    " RETURNING claims"
)


def make_slots(gateway_id: int, count: int) -> None:
    """Make the rows of a gateway's slots that do not exist yet."""
    BindSlot.objects.bulk_create(
        (BindSlot(gateway_id=gateway_id, number=number) for number in range(1, count + 1)),
        ignore_conflicts=True,
    )


def lease(gateway_id: int, number: int, owner: str) -> float | None:
    """Lease a slot that is free or whose lease is over.

    Return the `clock()` until which the owner may write to the wire; None when it is taken.
    """
    slots = BindSlot.objects.filter(_is_free(), gateway_id=gateway_id, number=number)
    return _extend(slots, owner)


def free() -> list[tuple[int, int]]:
    """Return gateway and number of the slots that can be leased."""
    return list(BindSlot.objects.filter(_is_free()).values_list("gateway_id", "number"))


def _is_free() -> Q:
    return Q(owner="") | Q(lease_until=None) | Q(lease_until__lt=shared_time.now())


def count_taken(gateway_id: int, number: int) -> TakenSlot:
    """Count in the generation of the database that the slot was taken."""
    instance = Standing.current().instance
    with durably():
        Standing.objects.filter(pk=1).update(generation=F("generation") + 1)
        generation = Standing.objects.values_list("generation", flat=True).get(pk=1)
        claims = BindSlot.objects.values_list("claims", flat=True)
        return TakenSlot(instance, claims.get(gateway_id=gateway_id, number=number), generation)


def count_claim(gateway_id: int, number: int, owner: str) -> int | None:
    """Count a claim for the slot, in the claim's transaction, and return how many there were.

    None when nothing may be claimed: the slot is another's, or the console is held.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_CLAIM, [gateway_id, number, owner])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def vacate(owner: str) -> None:
    """Free the slot of a sender that is proven to be dead, before its lease is over."""
    BindSlot.objects.filter(owner=owner).update(
        owner="", lease_until=None, bound_at=None, in_window=0
    )


def renew(gateway_id: int, number: int, owner: str, *, in_window: int) -> float | None:
    """Prolong the own lease; None when someone else has the slot now."""
    own = BindSlot.objects.filter(gateway_id=gateway_id, number=number, owner=owner)
    return _extend(own, owner, in_window=in_window)


def hand_over(gateway_id: int, number: int, owner: str, to: str) -> float | None:
    """Prolong the own lease under the name of a new journal."""
    return _extend(BindSlot.objects.filter(gateway_id=gateway_id, number=number, owner=owner), to)


def record_bound(gateway_id: int, number: int, owner: str) -> None:
    """Note that the connection stands."""
    BindSlot.objects.filter(gateway_id=gateway_id, number=number, owner=owner).update(
        bound_at=shared_time.now(), trouble=""
    )


def record_error(gateway_id: int, number: int, owner: str, trouble: str) -> None:
    """Note why there is no connection, for the operator."""
    BindSlot.objects.filter(gateway_id=gateway_id, number=number, owner=owner).update(
        bound_at=None, in_window=0, trouble=trouble[:200]
    )


def give_back(gateway_id: int, number: int, owner: str) -> None:
    """End the own lease."""
    BindSlot.objects.filter(gateway_id=gateway_id, number=number, owner=owner).update(
        owner="", lease_until=None, bound_at=None, in_window=0
    )


def is_leased(owner: str) -> bool:
    """Tell whether a journal's sender still has its lease."""
    return BindSlot.objects.filter(owner=owner, lease_until__gte=shared_time.now()).exists()


def _extend(slots: QuerySet[BindSlot], owner: str, **figures: int) -> float | None:
    before = clock()
    now = shared_time.now()
    held = slots.update(
        owner=owner,
        lease_until=now + timedelta(seconds=LEASE_SECONDS),
        heartbeat_at=now,
        **figures,
    )
    return before + LEASE_SECONDS - _MARGIN_SECONDS if held else None
