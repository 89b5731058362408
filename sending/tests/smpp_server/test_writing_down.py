"""What clients answered is written down, even if the server stops at that moment."""

import asyncio
import contextlib
from typing import Any

from sending.smpp_server import delivering
from sending.smpp_server.delivering import Delivering


def test_a_write_that_is_cancelled_is_made_up_for(monkeypatch):
    written: list[list[int]] = []
    monkeypatch.setattr(delivering, "_write", lambda told, _refused, _back: written.append(told))

    async def stop_while_writing() -> None:
        began = asyncio.Event()

        async def busy(_work: Any) -> None:
            began.set()
            await asyncio.Event().wait()

        async def at_once(work: Any) -> Any:
            return work()

        sender = Delivering({}, asyncio.get_running_loop(), busy)
        sender._delivered += [1, 2]
        writing = asyncio.create_task(sender.write_down())
        await began.wait()
        writing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await writing
        sender._in_database = at_once
        await sender.write_down()

    asyncio.run(stop_while_writing())
    assert written == [[1, 2]]
