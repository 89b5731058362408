"""The filesystem broker: a message appears whole or not at all, and a broken one ends nobody."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue
from kombu.exceptions import ChannelError

from smsconsole import broker
from smsconsole.celery import app

QUEUE = "work"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "messages").mkdir()
    return tmp_path / "messages"


@pytest.fixture
def channel(folder: Path) -> Iterator[Any]:
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(folder.parent / "control"),
    }
    transport = "smsconsole.broker:Transport"
    with Connection("filesystem://", transport=transport, transport_options=options) as connection:
        yield connection.default_channel


def named(folder: Path, number: int) -> Path:
    return folder / f"{number}_0.{QUEUE}.msg"


def test_the_console_uses_it_without_redis(settings: Any) -> None:
    if settings.CELERY_BROKER_URL != "filesystem://":
        pytest.skip("This run has a Redis.")
    assert app.connection_for_write().transport_cls == "smsconsole.broker:Transport"
    assert isinstance(app.connection_for_write().transport, broker.Transport)


def test_messages_come_out_as_they_went_in(channel: Any, folder: Path) -> None:
    channel._put(QUEUE, {"body": "Grüße"})
    assert channel._size(QUEUE) == 1
    assert channel._get(QUEUE) == {"body": "Grüße"}
    assert list(folder.iterdir()) == []
    with pytest.raises(Empty):
        channel._get(QUEUE)


def test_nobody_sees_a_message_before_it_is_whole(
    channel: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A consumer looks at the worst moment: all is written, and nothing is renamed."""
    rename = Path.replace
    seen: list[int] = []

    def look_then_rename(unfinished: Path, whole: Path) -> Path:
        assert json.loads(unfinished.read_text(encoding="utf-8")) == {"body": 1}
        seen.append(channel._size(QUEUE))
        with pytest.raises(Empty):
            channel._get(QUEUE)
        return rename(unfinished, whole)

    monkeypatch.setattr(Path, "replace", look_then_rename)
    channel._put(QUEUE, {"body": 1})
    assert seen == [0]
    assert channel._get(QUEUE) == {"body": 1}


def test_what_a_killed_writer_left_is_never_taken(channel: Any, folder: Path) -> None:
    channel._put(QUEUE, {"body": 1})
    (whole,) = folder.iterdir()
    half = whole.read_text(encoding="utf-8")[:5]
    whole.unlink()
    (folder / f".{whole.name}.0").write_text(half, encoding="utf-8")
    assert channel._size(QUEUE) == 0
    with pytest.raises(Empty):
        channel._get(QUEUE)


@pytest.mark.parametrize("half", ["", '{"body": "eyJ', "\x00\x00\x00"])
def test_half_a_message_is_dropped_and_the_next_one_taken(
    channel: Any, folder: Path, half: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Versions before this one, and a power loss, leave such files."""
    named(folder, 1).write_text(half, encoding="utf-8")
    named(folder, 2).write_text('{"body": 2}', encoding="utf-8")
    assert channel._get(QUEUE) == {"body": 2}
    assert "Dropped an unreadable message of queue work" in caplog.text
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_nothing_behind(
    channel: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(unfinished: Path, whole: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ChannelError, match="No space left on device"):
        channel._put(QUEUE, {"body": 1})
    assert list(folder.iterdir()) == []


def test_queues_bound_at_the_same_time_are_all_in_the_table(channel: Any) -> None:
    names = [f"queue{number}" for number in range(20)]
    threads = [
        threading.Thread(target=channel._queue_bind, args=("work", name, "", name))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row.queue for row in channel.get_table("work")) == sorted(names)


def test_half_a_table_is_written_anew(channel: Any) -> None:
    channel._queue_bind("work", "work", "", "work")
    table = channel._exchange_file("work")
    table.write_text(table.read_text(encoding="utf-8")[:5], encoding="utf-8")
    assert channel.get_table("work") == []
    channel._queue_bind("work", "work", "", "work")
    assert [row.queue for row in channel.get_table("work")] == ["work"]


def test_a_deleted_queue_leaves_the_table(channel: Any) -> None:
    queue = Queue("short", Exchange("work"), routing_key="short")(channel)
    queue.declare()
    assert [row.queue for row in channel.get_table("work")] == ["short"]
    queue.delete()
    assert channel.get_table("work") == []
