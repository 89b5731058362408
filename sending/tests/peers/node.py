"""Running the node peers: found under var/peers, told by JSON lines, stopped by closing stdin."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = Path(__file__).parents[3] / "var" / "peers" / "node_modules"


def need_node() -> None:
    """Skip, or fail where nothing may be skipped, when node or the library is missing."""
    if shutil.which("node") and (MODULES / "smpp").is_dir():
        return
    message = (
        "needs node and the npm library smpp: copy sending/tests/peers/package*.json to "
        "var/peers, then run `npm ci --prefix var/peers`"
    )
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(message)
    pytest.skip(message)


async def start(script: str, **environment: str) -> asyncio.subprocess.Process:
    """Start one of the scripts beside this file."""
    return await asyncio.create_subprocess_exec(
        "node",
        str(HERE / script),
        env={**os.environ, "NODE_PATH": str(MODULES), **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


class NodeCentre:
    """The message centre of smsc.js on a free port."""

    def __init__(self, dump: Path | None = None, **settings: object) -> None:
        self._environment = {} if dump is None else {"DUMP": str(dump)}
        self._settings = settings
        self.port = 0

    async def __aenter__(self) -> NodeCentre:
        self._process = await start("smsc.js", **self._environment)
        self.port = (await self._said())["port"]
        await self.tell(set=self._settings)
        return self

    async def __aexit__(self, *problem: object) -> None:
        self._process.stdin.close()
        _, complained = await self._process.communicate()
        # pytest shows it with a test that failed, and with no other.
        sys.stdout.write(complained.decode())

    async def tell(self, **wish: object) -> dict[str, int]:
        """Say one line and return the counts it answers."""
        self._process.stdin.write(json.dumps(wish).encode() + b"\n")
        return await self._said()

    async def stats(self) -> dict[str, int]:
        """The counts so far."""
        return await self.tell(stats=True)

    async def _said(self) -> dict[str, int]:
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError((await self._process.stderr.read()).decode())
        return json.loads(line)
