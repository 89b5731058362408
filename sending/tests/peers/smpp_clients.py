"""Clients of our SMPP server that other people wrote: a wish a line in, an answer a line out.

Wishes: `bind` (name, kind, port, tls, system_id, password), `submit` (name, messages), `receipts`
(count, seconds), `ask` (name, command, fields), `closed` (name), `drop` (name), and, of node-smpp,
`answer_receipts` (yes). A message has fields as SMPP names them, and its text as `hex` (octets as
they go to the wire), `text` (the library encodes it) or `payload` (the same, as message_payload).
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import pytest

HERE = Path(__file__).parent
PEERS = Path(__file__).parents[3] / "var" / "peers"
KINDS = ("node-smpp", "smpplib", "aiosmpplib")
_AIOSMPPLIB = PEERS / "python-aiosmpplib"


def need(is_there: object, how: str) -> None:
    """Skip, or fail where nothing may be skipped."""
    if is_there:
        return
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(how)
    pytest.skip(how)


def _command(kind: str) -> tuple[list[str], dict[str, str]]:
    """Return what to run, and its own variables; skip where the library is missing."""
    if kind == "node-smpp":
        modules = PEERS / "node_modules"
        need(
            shutil.which("node") and (modules / "smpp").is_dir(),
            "copy sending/tests/peers/package*.json to var/peers, then `npm ci --prefix var/peers`",
        )
        return ["node", str(HERE / "smpp_client.js")], {"NODE_PATH": str(modules)}
    if kind == "aiosmpplib":
        need(
            (_AIOSMPPLIB / "aiosmpplib").is_dir(),
            "pip install --no-deps --target var/peers/python-aiosmpplib"
            " -r sending/tests/peers/python-aiosmpplib.txt",
        )
        own = {"PYTHONPATH": str(_AIOSMPPLIB)}
        return [sys.executable, str(HERE / "aiosmpplib_client.py")], own
    need(find_spec("smpplib"), "install requirements-dev.txt")
    return [sys.executable, str(HERE / "smpplib_client.py")], {}


class SmppProgram:
    """A program on one of the libraries, and what it may bind as."""

    def __init__(self, kind: str) -> None:
        command, own = _command(kind)
        self.kind = kind
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **own},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, wish: str, **given: Any) -> dict[str, Any]:
        """Have one wish done."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"wish": wish, **given}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"{self.kind} has ended"
        said: dict[str, Any] = json.loads(line)
        return said

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        """Let the program end."""
        self._process.communicate()
