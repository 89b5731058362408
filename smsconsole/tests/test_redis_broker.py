"""Redis as the broker: a worker goes on, whenever the server restarts."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from sending.tests.processes import Process, ended
from sending.tests.waiting import wait_until
from smsconsole.tests.ports import free_port

WORKER = ("-m", "celery", "-A", "smsconsole.tests.patient_worker", "worker", "-l", "INFO")
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not shutil.which("redis-server"), reason="There is no Redis."),
]


class OwnRedis:
    """A Redis of this test, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.process: Process | None = None

    def start(self) -> None:
        """Return when it takes connections."""
        options = ("--port", str(self._port), "--bind", "127.0.0.1", "--save", "")
        command = ["redis-server", *options, "--dir", str(self._folder)]
        self.process = Process(command, dict(os.environ), self._folder / "redis.out")
        wait_until(self._answers)

    def kill(self) -> None:
        """End it at once."""
        assert self.process
        self.process.kill()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[OwnRedis]:
    redis = OwnRedis(tmp_path)
    redis.start()
    yield redis
    redis.kill()


@pytest.fixture
def start_task(redis: OwnRedis, tmp_path: Path) -> Callable[[str], None]:
    client = Celery(broker=redis.url, set_as_current=False)

    def start(name: str) -> None:
        told = {file: str(tmp_path / f"{name}-{file}") for file in ("began", "end", "ended")}

        def is_sent() -> bool:
            try:
                client.send_task("patient", kwargs=told, queue="work", retry=False)
            except OperationalError:
                return False
            return True

        wait_until(is_sent)

    return start


def has_ended(worker: Process, ended: Path) -> bool:
    """Tell whether a task has ended; the worker lives."""
    assert worker.alive, worker.last_words()
    return ended.exists()


def start_worker(redis: OwnRedis, folder: Path, pool: str, size: str) -> Process:
    command = [sys.executable, *WORKER, "-Q", "work", "-P", pool, "-c", size, *ALONE]
    # Its task asks no database: SQLite of its own.
    own = {"REDIS_URL": redis.url, "VAR_DIR": str(folder), "DATABASE_URL": ""}
    environment = {**os.environ, **own, "SMSCONSOLE_MODE": "test"}
    return Process(command, environment, folder / "worker.out")


@pytest.mark.parametrize("pool", [("threads", "1"), ("prefork", "2")])
def test_a_worker_goes_on_when_redis_restarts_under_its_task(
    pool: tuple[str, str], redis: OwnRedis, start_task: Callable[[str], None], tmp_path: Path
) -> None:
    worker = start_worker(redis, tmp_path, *pool)
    with ended(worker):
        start_task("before")
        wait_until((tmp_path / "before-began").exists)
        redis.kill()
        wait_until(lambda: worker.says("Trying again in"))
        redis.start()
        # It ends after the connection that brought it, which is not there to be told.
        (tmp_path / "before-end").touch()
        (tmp_path / "after-end").touch()
        start_task("after")
        wait_until(lambda: has_ended(worker, tmp_path / "before-ended"))
        wait_until(lambda: has_ended(worker, tmp_path / "after-ended"))


def test_a_worker_that_stops_waits_for_no_task_for_ever(
    redis: OwnRedis, start_task: Callable[[str], None], tmp_path: Path
) -> None:
    worker = start_worker(redis, tmp_path, "threads", "1")
    with ended(worker):
        start_task("endless")
        wait_until((tmp_path / "endless-began").exists)
        assert worker.stop() == 1
        assert "did not stop by itself" in worker.last_words()


def test_the_console_uses_it_with_redis(settings: Any) -> None:
    if not settings.REDIS_URL:
        pytest.skip("This run has no Redis.")
    assert settings.CELERY_BROKER_TRANSPORT == "smsconsole.redis_broker:RedisTransport"
