"""What is known while the console is held: what was sent since, what waits, and what is not proven.

`doctor` and pages call `compare`; it only reads.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Sum

from accounts import shared_time
from accounts.models import HeldBecause, Notice, Standing
from accounts.notice_kinds import NoticeChannel
from sending.delivery.held.settling import NOT_STARTED
from sending.delivery.sender import marks
from sending.lifecycle import MessageState, TaskState
from sending.models import CallbackEvent, Counter, ReceiptInbox, SendHost, SendTask

_WAITING = (MessageState.QUEUED.value, MessageState.SUBMITTING.value)
MOST = 10_000
"""So far piles are counted."""


@dataclass(frozen=True, slots=True)
class HostLine:
    """A folder of journals, whether it has told all that it saw, and what it proved.

    One that the database did not know is new: what it lacks proves nothing.
    """

    name: str
    seen_at: datetime
    has_reported: bool
    figures: Mapping[str, int]
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class HeldComparison:
    """What is known. `figures` are messages by what journals prove of them."""

    since: datetime
    because: HeldBecause
    details: Mapping[str, Any]
    hosts: Sequence[HostLine]
    figures: Mapping[str, int]
    # Claims of which no journal tells, by bind slot.
    gaps: Mapping[str, int]
    # Messages that the database believes unsent, tasks not started, and those whose time has come.
    waiting: int
    doubt: int
    not_started: int
    due: int
    receipts: int
    callbacks: int
    notices: int
    # Whether the release is under way.
    releasing: bool

    @property
    def silent_hosts(self) -> int:
        """How many hosts have not said yet what their journals prove."""
        return sum(not host.has_reported for host in self._expected)

    @property
    def _expected(self) -> list[HostLine]:
        return [host for host in self.hosts if not host.is_new]

    @property
    def is_complete(self) -> bool:
        """Whether journals tell of all that was claimed: what is queued has then not left."""
        return bool(self._expected) and not self.silent_hosts and not self.gaps

    @property
    def missing_claims(self) -> int:
        """How many claims no journal tells of."""
        return sum(self.gaps.values())


def compare() -> HeldComparison | None:
    """Return what is known now; None when the console is not held."""
    standing = Standing.current()
    if standing.held_since is None:
        return None
    hosts = known_hosts()
    reports = [host.report for host in hosts if host.reported_for == standing.held_since]
    figures: Tally[str] = Tally()
    for report in reports:
        figures.update(report["figures"])
    not_started = SendTask.objects.filter(state__in=NOT_STARTED)
    scheduled = not_started.filter(state=TaskState.SCHEDULED.value)
    return HeldComparison(
        since=standing.held_since,
        because=HeldBecause(standing.held_because),
        details=standing.details,
        hosts=[_line(host, standing.held_since) for host in hosts],
        figures=figures,
        gaps=gaps(marks.of_database().slots, reports),
        waiting=_messages(_WAITING),
        doubt=_messages([MessageState.IN_DOUBT.value]),
        not_started=not_started.count(),
        due=scheduled.filter(scheduled_at__lte=shared_time.now()).count(),
        receipts=ReceiptInbox.objects.order_by()[:MOST].count(),
        callbacks=CallbackEvent.objects.filter(due_at__isnull=False).order_by()[:MOST].count(),
        notices=Notice.objects.waiting(NoticeChannel.SMS.value).count(),
        releasing=bool(standing.rest),
    )


def known_hosts() -> list[SendHost]:
    """Return the folders of journals that may tell of what was sent since.

    A folder that was last used so long before all others that its journals are forgotten tells
    nothing of it.
    """
    hosts = list(SendHost.objects.order_by("name", "pk"))
    silent = [host.seen_at for host in hosts if host.reported_for is None]
    if not silent:
        return hosts
    limit = max(silent) - timedelta(days=settings.KEEP_JOURNALS_DAYS)
    return [host for host in hosts if host.reported_for or host.seen_at >= limit]


def gaps(slots: Mapping[str, int], reports: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many claims of each bind slot no journal tells of: {slot: claims}.

    `slots` is how many the database knows of.
    """
    seen: dict[str, int] = {}
    covered: dict[str, list[tuple[int, int]]] = {}
    for report in reports:
        for name, claims in report["seen"].items():
            seen[name] = max(claims, seen.get(name, 0))
        for name, spans in report["covered"].items():
            covered.setdefault(name, []).extend((above, until) for above, until in spans)
    found: dict[str, int] = {}
    for name, claims in seen.items():
        if missing := _missing(slots.get(name, 0), claims, covered.get(name, [])):
            found[name] = missing
    return found


def _missing(above: int, until: int, spans: Iterable[tuple[int, int]]) -> int:
    """Return how many numbers above one and up to another lie in none of the spans."""
    missing, at = 0, above
    for begin, end in sorted(spans):
        missing += max(0, min(begin, until) - at)
        at = max(at, min(end, until))
    return missing + max(0, until - at)


def _line(host: SendHost, since: datetime) -> HostLine:
    report = host.report if host.reported_for == since else {}
    is_new = report.get("new", False)
    has_reported = is_new or report.get("whole", False)
    return HostLine(host.name, host.seen_at, has_reported, report.get("figures", {}), is_new)


def _messages(states: Sequence[str]) -> int:
    """Return how many messages of started tasks and of programs are in these states."""
    counted = Counter.objects.filter(state__in=states).aggregate(messages=Sum("messages"))
    return max(0, counted["messages"] or 0)
