"""What went wrong: failures by code, receipts that fit nothing, messages in doubt."""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from sending.error_codes.table import CodeMeaning, explain
from sending.lifecycle import RARE_MESSAGE_STATES, MessageState
from sending.models import Attention, Message, ReceiptInbox

DAY = timedelta(days=1)
_A_STATE = 1_000
# Larger figures are shown as "10,000 or more": nobody needs them exactly, and counting reads rows.
MOST = 10_000
# The engine tries those that fit no message until then; see delivery/receipts.
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Failure:
    """One code at one gateway in one country; `gateway` is empty when none was chosen."""

    code: str
    state: MessageState
    gateway: str
    country: str
    messages: int
    meaning: CodeMeaning | None


@dataclass(frozen=True, slots=True)
class Failures:
    """Failures of the last day, the most frequent first. `complete`: no newest thousand was cut."""

    rows: Sequence[Failure]
    complete: bool


@dataclass(frozen=True, slots=True)
class Pile:
    """How many rows wait, and since when the oldest does."""

    count: int
    oldest: datetime | None

    @property
    def more(self) -> bool:
        """Tell whether there are more than were counted."""
        return self.count >= MOST


def failures(now: datetime, names: dict[int, str]) -> Failures:
    """Return the failures of the last 24 hours by code, gateway and country.

    Reads the newest thousand Attention rows of each rare state by index attention_state
    (state, at), and their messages by primary key.
    """
    found, complete = _newest(now - DAY)
    messages = Message.objects.filter(pk__in=[pk for pk, _, _ in found])
    where = {
        pk: (names.get(gateway_id or 0, ""), country)
        for pk, gateway_id, country in messages.values_list("pk", "gateway_id", "country")
    }
    tally = Tally((code, state, *where.get(pk, ("", ""))) for pk, state, code in found)
    rows = [
        Failure(code, MessageState(state), gateway, country, n, explain(code) if code else None)
        for (code, state, gateway, country), n in tally.most_common()
    ]
    return Failures(rows, complete)


def _newest(since: datetime) -> tuple[list[tuple[int, str, str]], bool]:
    """Return (message id, state, code) of failures, and whether those are all."""
    found: list[tuple[int, str, str]] = []
    complete = True
    for state in sorted(RARE_MESSAGE_STATES - {MessageState.IN_DOUBT}):
        rows = Attention.objects.filter(state=state.value, at__gte=since).order_by("-at")
        newest = list(rows.values_list("message_id", "state", "code")[: _A_STATE + 1])
        complete &= len(newest) <= _A_STATE
        found += newest[:_A_STATE]
    return found, complete


def counted(rows: QuerySet[Any]) -> int:
    """Return how many rows there are, counted up to MOST."""
    return rows.order_by()[:MOST].count()


def in_doubt() -> Pile:
    """Return the messages in doubt; index attention_state."""
    rows = Attention.objects.filter(state=MessageState.IN_DOUBT.value)
    oldest = rows.order_by("at").values_list("at", flat=True).first()
    return Pile(counted(rows), oldest)


def receipts_waiting() -> Pile:
    """Return the receipts that wait for their submission; the inbox is a small table."""
    rows = ReceiptInbox.objects.filter(next_try_at__lt=_NEVER)
    oldest = rows.order_by("pk").values_list("received_at", flat=True).first()
    return Pile(counted(rows), oldest)


def receipts_without_message() -> int:
    """Return how many receipts were given up: they fit no message of ours."""
    return counted(ReceiptInbox.objects.filter(next_try_at__gte=_NEVER))
