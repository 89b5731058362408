"""Writes down texts that no text template matched, so that people can make text templates of them.

A new skeleton is written at once, a few a second. Of one that comes again and again, the count is
added to the row when it has doubled, and every few seconds: the row never says less than half.
What a process counted last is lost if it is killed: the count says what is worth a text template,
and is of no account.
"""

import hashlib
import logging
import math
import threading
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F

from accounts import shared_time
from sending.acceptance.request import Door
from sending.models import UnmatchedText
from sending.models.unmatched_text import MOST_OF_AN_ORGANIZATION, SAMPLE_CHARS
from templates_app.matching import LONGEST
from templates_app.matching.skeleton import skeleton, without_digits

log = logging.getLogger(__name__)

_WRITTEN_EVERY_MEMORIES = 5
_NEW_A_MEMORY = 5
"""New skeletons of one organization that a process writes in ACCEPTANCE_MEMORY_SECONDS."""
_MOST_REMEMBERED = 2_000


@dataclass(slots=True)
class _CountedTexts:
    """Texts of a skeleton in its row, by this process, and not yet; when that was written last."""

    told: int = 0
    waiting: int = 0
    written: float = -math.inf

    def take(self, now: float) -> int:
        """Return the texts that wait, which the caller adds to the row."""
        due, self.waiting, self.written = self.waiting, 0, now
        self.told += due
        return due


Key = tuple[int, str]
"""An organization, and the digest of a skeleton."""


class Recorder:
    """Remembers what was written, for all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Key, _CountedTexts] = {}
        self._new: dict[int, tuple[float, int]] = {}
        self._swept = time.monotonic()

    def due(self, key: Key, texts: int) -> int:
        """Count texts; return how many to add to the row now, 0 if later."""
        now = time.monotonic()
        with self._lock:
            known = self._known.get(key)
            if known is None:
                if not self._may_be_new(key[0], now, settings.ACCEPTANCE_MEMORY_SECONDS):
                    return 0
                if len(self._known) >= _MOST_REMEMBERED:
                    self._known.clear()
                known = self._known[key] = _CountedTexts()
            known.waiting += texts
            is_due = known.waiting >= known.told or now - known.written >= _pause()
            return known.take(now) if is_due else 0

    def overdue(self) -> list[tuple[Key, int]]:
        """Return what waits of skeletons that come no more, now and then."""
        now = time.monotonic()
        with self._lock:
            if now - self._swept < _pause():
                return []
            self._swept = now
            return [(key, known.take(now)) for key, known in self._known.items() if known.waiting]

    def _may_be_new(self, organization_id: int, now: float, memory: float) -> bool:
        since, count = self._new.get(organization_id, (now, 0))
        if now - since >= memory:
            since, count = now, 0
        if len(self._new) >= _MOST_REMEMBERED:
            self._new.clear()
        self._new[organization_id] = since, count + 1
        return count < _NEW_A_MEMORY


def _pause() -> float:
    return settings.ACCEPTANCE_MEMORY_SECONDS * _WRITTEN_EVERY_MEMORIES


_recorder = Recorder()


@dataclass(slots=True)
class Unmatched:
    """Texts of one request that no text template matched, with how many messages had each."""

    texts: dict[str, int] = field(default_factory=dict)
    # In learning mode: as free text.
    were_sent: bool = False

    def add(self, text: str) -> None:
        """Keep a text."""
        self.texts.setdefault(text, 0)

    def count(self, text: str) -> None:
        """Count a message, if its text was kept."""
        if text in self.texts:
            self.texts[text] += 1


def note(door: Door, unmatched: Unmatched) -> None:
    """Write texts down. What cannot be written is let go: it stops no message."""
    try:
        for text, count in unmatched.texts.items():
            kept = without_digits(text[:LONGEST])
            digest = hashlib.sha256(skeleton(kept).encode()).hexdigest()[:32]
            if due := _recorder.due((door.organization_id, digest), count):
                _write(door, digest, kept[:SAMPLE_CHARS], due, was_sent=unmatched.were_sent)
        for (organization_id, digest), due in _recorder.overdue():
            earlier = UnmatchedText.objects.filter(organization_id=organization_id, digest=digest)
            earlier.update(count=F("count") + due)
    except DatabaseError:
        log.exception("an unmatched text could not be written down")


@transaction.atomic
def _write(door: Door, digest: str, sample: str, count: int, *, was_sent: bool) -> None:
    now = shared_time.now()
    of_organization = UnmatchedText.objects.filter(organization_id=door.organization_id)
    seen = {"sample": sample, "door": door.name.value, "last_at": now, "was_sent": was_sent}
    if of_organization.filter(digest=digest).update(count=F("count") + count, **seen):
        return
    if len(of_organization.values_list("pk")[:MOST_OF_AN_ORGANIZATION]) < MOST_OF_AN_ORGANIZATION:
        new = UnmatchedText(
            organization_id=door.organization_id, digest=digest, count=count, first_at=now, **seen
        )
        # Another process may have been quicker by a moment.
        UnmatchedText.objects.bulk_create([new], ignore_conflicts=True)
