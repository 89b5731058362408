"""The message centre that a measurement sends to: our script on the npm library `smpp`."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "sending" / "tests" / "peers" / "smsc.js"
MODULES = ROOT / "var" / "peers" / "node_modules"

_END_SECONDS = 30.0


class Accepted(NamedTuple):
    """One submit_sm that the peer said yes to: when (ISO 8601, UTC), its id, and the number."""

    at: str
    id: str
    to: str


def missing() -> str:
    """Return why the peer cannot run; empty when it can."""
    if shutil.which("node") and (MODULES / "smpp").is_dir():
        return ""
    return (
        "This one needs node and the npm library smpp: copy sending/tests/peers/package*.json to "
        "var/peers, then run `npm ci --prefix var/peers`."
    )


class Peer:
    """The running message centre. It ends with the `with` block, or when this process dies."""

    def __init__(self, dump: Path, **settings: object) -> None:
        self._dump = dump
        dump.touch()
        self._process = subprocess.Popen(
            ["node", str(SCRIPT)],
            env={**os.environ, "NODE_PATH": str(MODULES), "DUMP": str(dump)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pid = self._process.pid
        self.port: int = self._said()["port"]
        self.tell(set=settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._process.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def tell(self, **wish: object) -> dict[str, Any]:
        """Say one line, and return the counts that are answered."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(wish).encode() + b"\n")
        self._process.stdin.flush()
        return self._said()

    def counts(self) -> dict[str, Any]:
        """Return the counts so far."""
        return self.tell(stats=True)

    def accepted(self) -> Iterator[Accepted]:
        """Read what was accepted, in order, from the dump."""
        with self._dump.open(encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                yield Accepted(record["at"], record["id"], "+" + record["to"])

    def _said(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the message centre ended")
        said: dict[str, Any] = json.loads(line)
        return said
