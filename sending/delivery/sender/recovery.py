"""After a sender died: what its journal proves is done, and the rest is in doubt."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from accounts import shared_time
from sending.delivery.attempt import Attempt, AttemptKey
from sending.delivery.sender import bind_slots, results
from sending.delivery.sender.journal import KEPT, DeadJournal, JournalUnreadable, Trace, names
from sending.delivery.sender.results import Finished
from sending.delivery.submissions import accepted_segments
from sending.error_codes.reasons import Reason
from sending.lifecycle import MessageState
from sending.models import Batch, Gateway, Message, TaskEvent

log = logging.getLogger(__name__)

# A journal that is not here may lie on another machine that is only slow to come back.
ELSEWHERE = timedelta(seconds=60)


def recover_dead(directory: Path) -> int:
    """Resolve what dead senders left in their batches; return how many batches.

    An expired lease proves nothing. What did not go to the wire goes back into the queue only when
    the journal that made the claim says so: found here, locked by nobody, of this boot.
    """
    owners = Batch.objects.exclude(owner="").values_list("owner", flat=True).distinct()
    recovered = sum(_recover(directory, owner) for owner in list(owners))
    _tidy(directory, set(owners.all()))
    return recovered


def _recover(directory: Path, owner: str) -> int:
    try:
        journal = _take(directory, owner)
    except FileNotFoundError:
        return _resolve(owner, None) if _is_gone(owner) else 0
    if journal is None:
        return 0
    try:
        if not journal.of_this_boot and bind_slots.is_leased(owner):
            return 0
        settled = _resolve(owner, _proof(journal))
        _bury(journal)
    finally:
        journal.close()
    return settled


def _take(directory: Path, owner: str) -> DeadJournal | None:
    """Lock a journal, or one that was put away before the database was restored."""
    try:
        return DeadJournal.take(directory, owner)
    except FileNotFoundError:
        return DeadJournal.take(directory / KEPT, owner)


def _proof(journal: DeadJournal) -> Mapping[AttemptKey, Trace] | None:
    """Return what the journal proves; None when it proves nothing."""
    if not journal.of_this_boot and not journal.is_kept:
        log.warning("journal %s is older than this start of the machine", journal.path.name)
        return None
    try:
        return journal.traces()
    except JournalUnreadable:
        log.exception("journal %s cannot be read", journal.path.name)
        return None


def _bury(journal: DeadJournal) -> None:
    """Put away a journal that is resolved; of this boot it proves that its slot is free, too."""
    if journal.of_this_boot:
        bind_slots.vacate(journal.path.stem)
    if journal.is_kept:
        return
    if journal.is_empty:
        journal.remove()
    else:
        journal.keep()


def _is_gone(owner: str) -> bool:
    """Tell whether a journal that is not here has been waited for long enough."""
    waited = timedelta(seconds=bind_slots.LEASE_SECONDS) + ELSEWHERE
    recent = Batch.objects.filter(owner=owner, claimed_at__gte=shared_time.now() - waited)
    return not recent.exists() and not bind_slots.is_leased(owner)


def _resolve(owner: str, proof: Mapping[AttemptKey, Trace] | None) -> int:
    """Resolve every batch of a dead sender, one transaction each."""
    left = list(Batch.objects.filter(owner=owner).order_by("pk"))
    gateways = Gateway.objects.in_bulk({batch.gateway_id for batch in left})
    for batch in left:
        finished = _finished(batch, proof)
        results.write(gateways[batch.gateway_id], finished, [batch.pk])
        doubtful = sum(item.attempt.unanswered for item in finished)
        log.warning("batch %s of %s: %s messages, %s in doubt", batch.pk, owner, len(finished),
                    doubtful)  # fmt: skip
        if doubtful and batch.task_id:
            TaskEvent.objects.create(
                task_id=batch.task_id, code="in_doubt", params={"count": doubtful}
            )
    return len(left)


def _finished(batch: Batch, proof: Mapping[AttemptKey, Trace] | None) -> list[Finished]:
    """Return the attempts that the dead sender had begun for the messages of a batch."""
    open_messages = Message.objects.filter(
        pk__in=batch.ids, state=MessageState.SUBMITTING.value
    ).order_by("pk")
    messages = list(open_messages)
    before = accepted_segments([m.pk for m in messages if m.segments > 1])
    now = shared_time.now()
    return [
        Finished(
            organization_id=message.organization_id,
            task_id=message.task_id,
            lane=message.lane,
            batch_id=batch.pk,
            attempt=_attempt(message, before.get(message.pk, 0), proof),
            at=now,
        )
        for message in messages
    ]


def _attempt(message: Message, before: int, proof: Mapping[AttemptKey, Trace] | None) -> Attempt:
    key = AttemptKey(message.pk, message.attempt)
    trace = Trace() if proof is None else proof.get(key, Trace())
    return Attempt(
        key=key,
        segments=trace.segments or message.segments,
        before=before,
        answers=tuple(trace.answers[segment] for segment in sorted(trace.answers)),
        unanswered=proof is None or trace.unanswered,
        code=Reason.SENDER_DIED,
    )


def _tidy(directory: Path, in_use: Sequence[str] | set[str]) -> None:
    """Put away journals of dead senders that no batch names any more."""
    for name in names(directory):
        if name in in_use:
            continue
        try:
            journal = DeadJournal.take(directory, name)
        except FileNotFoundError:
            continue
        if journal is None:
            continue
        try:
            if not Batch.objects.filter(owner=name).exists():
                _bury(journal)
        finally:
            journal.close()
