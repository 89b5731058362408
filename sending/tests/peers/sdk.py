"""Running programs on the official SDKs: a line in, a line out, stopped by closing stdin."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PEERS = Path(__file__).parents[3] / "var" / "peers"
INTERNATIONAL = PEERS / "python-intl"
TWILIO_8 = PEERS / "twilio8"
KINDS = ("python", "python-intl", "node")
TWILIO_KINDS = ("twilio", "twilio-8", "twilio-node")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def _of_twilio(kind: str) -> tuple[list[str], dict[str, str]]:
    """Return what to run with an SDK of Twilio, and its own variables."""
    if kind == "twilio-node":
        modules = PEERS / "node_modules"
        _need(
            shutil.which("node") and (modules / "twilio").is_dir(),
            "copy sending/tests/peers/package*.json to var/peers, then `npm ci --prefix var/peers`",
        )
        return ["node", str(HERE / "twilio_sdk.js")], {"NODE_PATH": str(modules)}
    if kind == "twilio-8":
        _need(
            (TWILIO_8 / "twilio").is_dir(),
            "pip install --no-deps --target var/peers/twilio8"
            " -r sending/tests/peers/python-twilio8.txt",
        )
    else:
        _need(find_spec("twilio"), "install requirements-dev.txt")
    own = {"PYTHONPATH": str(TWILIO_8) if kind == "twilio-8" else ""}
    return [sys.executable, str(HERE / "twilio_sdk.py")], own


def _command(kind: str) -> tuple[list[str], dict[str, str]]:
    """Return what to run, and its own variables; skip where the SDK is missing."""
    if kind in TWILIO_KINDS:
        return _of_twilio(kind)
    if kind == "node":
        modules = PEERS / "node_modules"
        _need(
            shutil.which("node") and (modules / "tencentcloud-sdk-nodejs-sms").is_dir(),
            "copy sending/tests/peers/package*.json to var/peers, then `npm ci --prefix var/peers`",
        )
        return ["node", str(HERE / "tencent_sdk.js")], {"NODE_PATH": str(modules)}
    if kind == "python-intl":
        _need(
            (INTERNATIONAL / "tencentcloud").is_dir(),
            "pip install --no-deps --target var/peers/python-intl"
            " -r sending/tests/peers/python-intl.txt",
        )
        own = {"PYTHONPATH": str(INTERNATIONAL)}
        return [sys.executable, str(HERE / "tencent_sdk.py")], own
    _need(find_spec("tencentcloud"), "install requirements-dev.txt")
    return [sys.executable, str(HERE / "tencent_sdk.py")], {"PYTHONPATH": ""}


def _need(is_there: object, how: str) -> None:
    """Skip, or fail where nothing may be skipped."""
    if is_there:
        return
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(how)
    pytest.skip(how)


class Sdk:
    """A program on one of the SDKs."""

    def __init__(self, kind: str, **variables: str) -> None:
        command, own = _command(kind)
        own = own | variables
        # A proxy of the machine would be asked even for this very machine.
        inherited = {
            name: value for name, value in os.environ.items() if name.lower() not in _PROXIES
        }
        self.kind = kind
        self._process = subprocess.Popen(
            command,
            env=inherited | own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Make one call and return the answer, or code and message of what was raised."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def stop(self) -> None:
        """Let the program end."""
        self._process.communicate()
