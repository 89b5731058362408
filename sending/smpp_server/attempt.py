"""Submissions that are accepted together: what each came to, also where no commit was answered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from accounts import shared_time
from accounts.statements import Statement, run_together
from sending.delivery.database import durably
from sending.models import PartState, SmppPart
from sending.smpp_server.statuses import PduRefusal

# The message_id that a PDU is answered with, or why it is refused.
Outcome = int | PduRefusal
# Is told, before the commit, of ids whose answers are still to be written.
Hold = Callable[[Iterable[int]], None]

_NOT_FOR_LONG = Statement("SET LOCAL lock_timeout = '3s'", gives_rows=False)


@dataclass(slots=True)
class SubmitAttempt:
    """What a thread writes down while it accepts, by the place of each submission.

    Without an outcome nothing of a submission is stored, unless an id of it is `reserved`.
    """

    hold: Hold
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    # The parts that are stored if the commit that is under way succeeds.
    reserved: dict[int, int] = field(default_factory=dict)
    # Segments that are stored before, and answered when the message of their text is.
    completing: set[int] = field(default_factory=set)

    def reserve(self, ids: Mapping[int, int]) -> None:
        """Note, before a commit, the id that each submission gets by it."""
        self.reserved |= ids
        self.hold(ids.values())

    def settle(self, outcomes: Mapping[int, Outcome]) -> None:
        """Note what is certain."""
        self.outcomes |= outcomes
        for place in outcomes:
            self.reserved.pop(place, None)

    def ask(self) -> None:
        """Ask the database what is stored of that which is reserved; afterwards all is certain.

        Raise DatabaseError where it does not say.
        """
        ids = set(self.reserved.values())
        _wait_for_commits(ids)
        with durably():
            # A segment may be joined to its message just now.
            rows = SmppPart.objects.select_for_update().filter(pk__in=ids)
            states = dict(rows.values_list("pk", "state"))
        for place, pk in self.reserved.items():
            joined = states.get(pk) == PartState.ACCEPTED.value
            if joined or (pk in states and place not in self.completing):
                self.outcomes[place] = pk
            else:
                self.outcomes.pop(place, None)
        self.reserved.clear()


def _wait_for_commits(ids: Iterable[int]) -> None:
    """Return when no transaction is under way that stores one of these parts.

    A commit goes on in the server after its connection is gone, and what it stores is not seen
    until it ends; but whoever stores the same id waits for it.
    """
    now = shared_time.now()
    with durably():
        if connection.vendor == "postgresql":
            run_together([_NOT_FOR_LONG])
        rows = [SmppPart(id=pk, organization_id=0, account_id=0, at=now) for pk in sorted(ids)]
        SmppPart.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.set_rollback(True)
