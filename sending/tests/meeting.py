"""Two transactions that meet at a row, one after the other as a test wants it."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from sending.tests.acceptance.test_send_task import waits_for_another
from sending.tests.waiting import wait_until


def both(first: Callable[[], None], then: Callable[[], None], act: Callable[[], object]) -> None:
    """Do `first`, begin `act` elsewhere, and when that waits do `then` and commit."""
    begun = threading.Event()
    backends: list[int] = []

    def elsewhere() -> None:
        try:
            connection.ensure_connection()
            backends.append(connection.connection.info.backend_pid)
            begun.set()
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            other = pool.submit(elsewhere)
            assert begun.wait(timeout=20)
            wait_until(lambda: other.done() or waits_for_another(backends[0]))
            then()
        other.result(timeout=20)
