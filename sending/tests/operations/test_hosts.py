"""Hosts as operators see them: clocks that are wrong and disks that fill up."""

import shutil
from collections import namedtuple
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts import shared_time
from sending import tasks
from sending.models import LiveWorker, WorkerKind

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def worker(db: None) -> LiveWorker:
    """A send worker on another host, which is well."""
    LiveWorker.beat(WorkerKind.WORK)
    LiveWorker.beat(WorkerKind.CHECK)
    return LiveWorker.objects.create(
        name="send@send-2:1f",
        kind="send",
        host="send-2",
        beat_at=shared_time.now(),
        free={"journal": 9_000_000_000},
        slots=3,
    )


def change(worker: LiveWorker, **fields: Any) -> None:
    LiveWorker.objects.filter(pk=worker.pk).update(**fields)


def ready(client: Client) -> dict[str, str]:
    """Return what is said of the checks that fail."""
    found = client.get("/readyz").json()["checks"]
    return {name: check["detail"] for name, check in found.items() if not check["ok"]}


def figures(operator: Client) -> dict[tuple[str, ...], float]:
    text = operator.get("/metrics").content.decode()
    return {
        (sample.name.removeprefix("smsconsole_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def page(operator: Client) -> str:
    return operator.get("/operations/").content.decode()


def test_hosts_that_are_well_raise_no_alarm(
    worker: LiveWorker, gateway: Any, operator: Client, client: Client
) -> None:
    assert ready(client).keys() <= {"send_worker"}
    assert figures(operator)["host_bind_slots", "send-2"] == 3
    shown = page(operator)
    assert "send-2" in shown
    assert "journal: 9,000 MB" in shown
    assert "Set it right by NTP" not in shown


@pytest.mark.parametrize("offset", [3600.2, -3600.2])
def test_a_wrong_clock_is_alarmed_everywhere(
    worker: LiveWorker, gateway: Any, operator: Client, client: Client, offset: float
) -> None:
    change(worker, clock_offset=offset)
    side = "ahead of" if offset > 0 else "behind"
    assert ready(client)["clocks"] == f"a clock is {offset:+,.0f} s off the database's"
    assert figures(operator)["clock_offset_seconds", "send-2"] == offset
    assert f"The clock of send-2 is 3,600 s {side} the database." in page(operator)


def test_two_seconds_are_no_alarm(worker: LiveWorker, client: Client) -> None:
    change(worker, clock_offset=1.9)
    assert "clocks" not in ready(client)


def test_a_disk_that_fills_up_elsewhere_is_alarmed_everywhere(
    worker: LiveWorker, gateway: Any, operator: Client, client: Client
) -> None:
    change(worker, free={"journal": 120_000_000})
    assert ready(client)["disk_room"] == "120 MB left for journal"
    assert figures(operator)["disk_free_bytes", "journal", "send-2"] == 120_000_000
    assert "send-2 has only 120 MB left for journal" in page(operator)


def test_the_disks_of_this_host_are_watched_without_a_worker(
    worker: LiveWorker, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOADS_DIR.mkdir(parents=True, exist_ok=True)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 10**12, 7_000_000))
    assert ready(client)["disk_room"].startswith("7 MB left for ")
    settings.DISK_LOW_MEGABYTES = 7
    assert "disk_room" not in ready(client)


def test_a_host_that_is_gone_raises_no_alarm_and_is_forgotten(
    worker: LiveWorker, client: Client
) -> None:
    change(worker, clock_offset=9.0, beat_at=shared_time.now() - timedelta(seconds=61))
    assert "clocks" not in ready(client)
    tasks.tidy()
    assert LiveWorker.objects.filter(pk=worker.pk).exists()
    change(worker, beat_at=shared_time.now() - timedelta(hours=2))
    tasks.tidy()
    # The last of its kind says since when nothing is sent.
    assert LiveWorker.objects.filter(pk=worker.pk).exists()
    LiveWorker.beat(WorkerKind.SEND, "send@send-3:2a")
    tasks.tidy()
    assert not LiveWorker.objects.filter(pk=worker.pk).exists()


def test_work_and_check_workers_say_how_their_hosts_fare(db: None) -> None:
    tasks.sweep()
    tasks.read_file()
    assert set(LiveWorker.objects.values_list("kind", flat=True)) == {"work", "check"}
    assert all("var" in row.free for row in LiveWorker.objects.all())
