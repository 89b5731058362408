"""Redis as the broker: kombu's transport, which outlives a restart of the server in any moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kombu.transport import redis as kombu_redis
from redis import Redis
from redis.exceptions import ConnectionError as ConnectionLost


class RedisChannel(kombu_redis.Channel):
    """Says of a lost connection that it is lost.

    A task may end after its connection did, and a channel is closed while messages are not
    acknowledged. kombu then looks for the address of a connection that it has given up, and the
    AttributeError ended the worker. Whoever asks expects an error of connections: messages are
    wake-ups, and the sweep wakes whatever is due.
    """

    @contextmanager
    def conn_or_acquire(self, client: "Redis | None" = None) -> Iterator[Any]:
        """Give a client of Redis; ConnectionLost where the connection was given up."""
        if client is None and (self.connection is None or self.connection.client is None):
            raise ConnectionLost("The connection to the broker was lost meanwhile.")
        with super().conn_or_acquire(client) as found:
            yield found


class RedisTransport(kombu_redis.Transport):
    """What settings name as CELERY_BROKER_TRANSPORT."""

    Channel = RedisChannel
