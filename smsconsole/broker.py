"""The filesystem broker of one machine: kombu's, whose messages appear whole or not at all."""

import contextlib
import fcntl
import logging
import uuid
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)


def write_whole(path: Path, text: str) -> None:
    """Write a file under a hidden name beside it, then rename it; OSError leaves nothing behind."""
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


class Channel(filesystem.Channel):
    """Writes messages and tables of exchanges under another name, then renames them.

    kombu writes them under the names that others look for. A reader that looked too early, or a
    writer that was killed halfway, gave a worker half a message, which ended it.
    """

    def _put(  # type: ignore[override] # Two classes of kombu disagree on names.
        self, queue: str, payload: dict[str, Any], **kwargs: Any
    ) -> None:
        """Add a message to `queue`; ChannelError where the disk refuses."""
        # kombu's form: when, who, and for which queue. Hidden names are of no queue.
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        try:
            write_whole(Path(self.data_folder_out) / name, dumps(payload))
        except OSError as error:
            raise ChannelError(
                f"Cannot add {name} to {self.data_folder_out}: {error.strerror}"
            ) from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """Return the next message of `queue`, or raise Empty.

        One that cannot be read (an older version's, or cut off by a power loss) is dropped:
        messages are wake-ups, and the sweep wakes whatever is due.
        """
        while True:
            try:
                return super()._get(queue)
            except ValueError as error:
                logger.warning("Dropped an unreadable message of queue %s: %s", queue, error)

    def get_table(self, exchange: str) -> list[Any]:
        """Return the queues of an exchange: none where its table cannot be read."""
        try:
            return list(super().get_table(exchange))
        except ValueError as error:
            logger.warning("The table of exchange %s cannot be read: %s", exchange, error)
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        """Add a queue to the table of an exchange."""
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._changing(exchange) as table:
            queues = self.get_table(exchange)
            if bound not in queues:
                write_whole(table, dumps([bound, *queues]))

    def _delete(self, queue: str, exchange: str, *args: Any, **kwargs: Any) -> None:
        """Remove a queue, and from the table of its exchange."""
        with self._changing(exchange):
            super()._delete(queue, exchange, *args, **kwargs)

    @contextlib.contextmanager
    def _changing(self, exchange: str) -> Iterator[Path]:
        """Hold off other writers of the table of an exchange; kombu's lock ends with a rename."""
        table: Path = self._exchange_file(exchange)  # type: ignore[attr-defined] # types lack it.
        table.parent.mkdir(exist_ok=True)
        with table.with_name(f".{table.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield table


class Transport(filesystem.Transport):
    """What settings name as CELERY_BROKER_TRANSPORT."""

    Channel = Channel
