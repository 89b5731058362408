"""A bind slot in use: its lease in the database and its journal on disk, together."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from accounts import held
from accounts.models import HeldBecause
from sending.delivery.queue import circuit_breaker, claims
from sending.delivery.queue.claims import Claim
from sending.delivery.sender import bind_slots
from sending.delivery.sender.journal import Journal
from sending.lifecycle import Lane
from sending.models import Batch, Gateway

log = logging.getLogger(__name__)

# About a hundred thousand submits; then a new journal is begun as soon as nothing is open.
ROTATE_AT = 8_000_000


class _WentBack(Exception):
    """The database knows of fewer claims than this session has made."""


class BindSession:
    """A leased slot. Its methods that name the database are called from the database thread."""

    def __init__(self, gateway_id: int, number: int, journal: Journal, deadline: float) -> None:
        self.journal = journal
        self._slot = (gateway_id, number)
        self._deadline = deadline
        # Those of the slot that are committed for certain.
        self._claims = 0

    @classmethod
    def take(cls, directory: Path, gateway_id: int, number: int) -> Self | None:
        """Lease a slot in the database under the name of a new journal; None when it is taken."""
        journal = Journal.create(directory, gateway_id=gateway_id, slot=number)
        deadline = None
        try:
            deadline = bind_slots.lease(gateway_id, number, journal.name)
        finally:
            if deadline is None:
                journal.remove()
        if deadline is None:
            return None
        bind_session = cls(gateway_id, number, journal, deadline)
        bind_session._note_taken()
        return bind_session

    def _note_taken(self) -> None:
        """Begin the journal with the history that it belongs to."""
        taken = bind_slots.count_taken(*self._slot)
        self._claims = taken.claims
        self.journal.note_lease(*taken)
        self.journal.write_out()

    @property
    def valid(self) -> bool:
        """Whether a PDU may be written now: the lease is ours and the journal works."""
        return bind_slots.clock() < self._deadline

    @property
    def wants_rotation(self) -> bool:
        """Whether the journal is long enough, or cannot be written any more."""
        return self.journal.size > ROTATE_AT or not self.journal.usable

    def claim(self, gateway: Gateway, limit: int, lanes: Sequence[Lane]) -> Claim:
        """Claim due messages under the name of the journal, which is told of it first.

        When the database has gone back behind claims of ours it is an older one: the console is
        held, and nothing is claimed.
        """
        counted: list[int] = []

        def admit() -> bool:
            counted.clear()
            number = bind_slots.count_claim(*self._slot, self.journal.name)
            if number is None:
                return False
            if number <= self._claims:
                raise _WentBack(self._claims - number + 1)
            counted.append(number)
            return True

        try:
            claim = claims.claim(gateway, self.journal.name, limit, lanes, admit=admit)
        except _WentBack as missing:
            held.hold(HeldBecause.OLDER, claims=missing.args[0], slots_taken=0)
            return Claim()
        if counted:
            (self._claims,) = counted
            claim.number = self._claims
        return claim

    def write_out(self) -> None:
        """Write what was noted into the journal of this moment; raise JournalBroken."""
        self.journal.write_out()

    def renew(self, in_window: int) -> bool:
        """Prolong the lease in the database; False when someone else has the slot."""
        deadline = bind_slots.renew(*self._slot, self.journal.name, in_window=in_window)
        self._deadline = deadline or 0.0
        return deadline is not None

    def rotate(self) -> None:
        """Begin a new journal in the database and on disk. Nothing may be open."""
        old = self.journal
        new = Journal.create(old.path.parent, gateway_id=self._slot[0], slot=self._slot[1])
        deadline = bind_slots.hand_over(*self._slot, old.name, new.name)
        if deadline is None:
            new.remove()
            self._deadline = 0.0
            return
        self.journal, self._deadline = new, deadline
        self._note_taken()
        _put_away(old)

    def record_bound(self) -> None:
        """Note in the database that the connection stands."""
        bind_slots.record_bound(*self._slot, self.journal.name)

    def record_error(self, trouble: str) -> None:
        """Note in the database why there is no connection."""
        bind_slots.record_error(*self._slot, self.journal.name, trouble)
        circuit_breaker.count(self._slot[0], unbound=1)

    def end(self) -> None:
        """Give the slot back in the database; what is still open is left to the journal."""
        self._deadline = 0.0
        try:
            bind_slots.give_back(*self._slot, self.journal.name)
            _put_away(self.journal)
        finally:
            self.journal.close()


def _put_away(journal: Journal) -> None:
    """Put away a journal that no batch names; otherwise leave it to recovery."""
    if Batch.objects.filter(owner=journal.name).exists():
        log.warning("journal %s is left behind with open batches", journal.name)
        journal.close()
        return
    if journal.claimed:
        journal.keep()
    else:
        journal.remove()
