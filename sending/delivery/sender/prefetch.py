"""What a sender has claimed ahead: messages by lane, and batches that are still open."""

from collections import deque
from collections.abc import Collection

from sending.delivery.queue.claims import Claim, Outgoing, Stopped
from sending.lifecycle import LANES_BY_PRIORITY


class Prefetch:
    """Claimed messages that are not on the wire yet, and how much of each batch is open."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Outgoing]] = {lane: deque() for lane in LANES_BY_PRIORITY}
        self._open: dict[int, set[int]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values()))

    @property
    def empty(self) -> bool:
        """Whether no claimed batch is open: nothing waits, is in the window, or is unwritten."""
        return not self._open

    def add(self, claim: Claim) -> None:
        """Take over what was claimed."""
        self._open.update(claim.open)
        for item in claim.outgoing:
            self._lanes[item.lane].append(item)

    def next(self) -> Outgoing | None:
        """Take the message that goes first: OTP and API before bulk, the oldest of its lane."""
        for lane in self._lanes.values():
            if lane:
                return lane.popleft()
        return None

    def tasks(self) -> set[int]:
        """Return the tasks of the messages that wait."""
        return {item.task_id for lane in self._lanes.values() for item in lane if item.task_id}

    def applications(self) -> set[int]:
        """Return the applications of waiting messages that have no task."""
        return {
            item.application_id
            for lane in self._lanes.values()
            for item in lane
            if not item.task_id
        }

    def take_out(self, stopped: Stopped | None = None) -> list[Outgoing]:
        """Take out what waits, of what is stopped or all."""
        taken: list[Outgoing] = []
        for name, lane in self._lanes.items():
            own = [item for item in lane if stopped is None or _is_of(item, stopped)]
            taken += own
            if own:
                gone = {item.key for item in own}
                self._lanes[name] = deque(item for item in lane if item.key not in gone)
        return taken

    def would_close(self, items: Collection[tuple[int, int]]) -> list[int]:
        """Return the batches that nothing is left of when these (batch, message) are written."""
        rest = {batch_id: set(self._open[batch_id]) for batch_id in dict(items)}
        for batch_id, message_id in items:
            rest[batch_id].discard(message_id)
        return [batch_id for batch_id, ids in rest.items() if not ids]

    def written(self, items: Collection[tuple[int, int]]) -> None:
        """Forget (batch, message) whose results are in the database."""
        for batch_id, message_id in items:
            ids = self._open[batch_id]
            ids.discard(message_id)
            if not ids:
                del self._open[batch_id]


def _is_of(item: Outgoing, stopped: Stopped) -> bool:
    if item.task_id:
        return item.task_id in stopped.tasks
    return item.application_id in stopped.applications
