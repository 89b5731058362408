"""The simulator as its own process: start, serve, outage, stop by signal."""

import asyncio
import contextlib
import re
import signal
import sys

import pytest

from sending.smpp.client import connect
from sending.smpp.commands import CommandId
from sending.smpp.pdu import Bind, SubmitSm
from sending.smpp.session import SessionLimits
from sending.smpp.simulator.__main__ import arguments, settings_from
from sending.smpp.simulator.accepted_log import read_accepted
from sending.tests.smpp.wire import on_loop

BIND = Bind(CommandId.bind_transceiver, "me", "x")


class Process:
    """A running simulator on a free port."""

    def __init__(self, log, *words):
        self._words = ["-m", "sending.smpp.simulator", "--port", "0", "--log", str(log), *words]

    async def __aenter__(self):
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *self._words,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        line = await self.process.stdout.readline()
        self.port = int(re.fullmatch(rb"listening on 127\.0\.0\.1:(\d+)\n", line)[1])
        return self

    async def __aexit__(self, *problem):
        if self.process.returncode is None:
            self.process.kill()
        _, complained = await self.process.communicate()
        # pytest shows it with a test that failed, and with no other.
        sys.stdout.write(complained.decode())

    async def connect(self):
        session = await connect(
            "127.0.0.1", self.port, limits=SessionLimits(), on_deliver=lambda number, sm: None
        )
        assert await session.bind(BIND) == 0
        return session


@on_loop
async def test_it_serves_and_stops_cleanly_on_sigterm(tmp_path):
    log = tmp_path / "accepted.log"
    async with Process(log, "--latency-ms", "1") as simulator:
        session = await simulator.connect()
        answer = await session.request(SubmitSm("a", "85266661234", b"hi"))
        simulator.process.send_signal(signal.SIGTERM)
        await session.closed()
        assert await simulator.process.wait() == 0
    assert [line.message_id for line in read_accepted(log)] == [answer.body.message_id]


@on_loop
async def test_an_outage_cuts_the_connection_and_the_port_comes_back(tmp_path):
    async with Process(tmp_path / "accepted.log", "--outage-seconds", "0.01") as simulator:
        session = await simulator.connect()
        simulator.process.send_signal(signal.SIGUSR1)
        await session.closed()
        again = None
        while again is None:
            with contextlib.suppress(OSError):
                again = await simulator.connect()
        await again.unbind()


@on_loop
async def test_a_taken_port_is_said_and_nothing_else(tmp_path):
    async with Process(tmp_path / "one.log") as simulator:
        second = await asyncio.create_subprocess_exec(
            sys.executable,
            *["-m", "sending.smpp.simulator", "--log", str(tmp_path / "two.log")],
            *["--port", str(simulator.port)],
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await second.communicate()
        assert second.returncode == 1
        assert said.startswith(b"The simulator cannot start: ")
        assert b"Traceback" not in said


@pytest.mark.parametrize(
    "words",
    [["--rate", "0"], ["--latency-ms", "-1"], ["--lost-receipts", "1.5"], ["--late-delay", "inf"]],
)
def test_senseless_settings_are_refused(words, capsys):
    with pytest.raises(SystemExit):
        arguments(["--log", "x", *words])
    assert words[0] in capsys.readouterr().err


def test_settings_come_from_the_command_line():
    words = ["--log", "x", "--latency-ms", "20", "--rate", "50", "--no-magic"]
    settings = settings_from(arguments([*words, "--seed", "3", "--late-receipts", "0.5"]))
    assert (settings.latency, settings.rate, settings.magic) == (0.02, 50, False)
    assert (settings.seed, settings.late_receipts) == (3, 0.5)
