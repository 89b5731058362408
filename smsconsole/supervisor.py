"""`./console run`: prepares, starts, watches and stops the whole console on one machine."""

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from urllib.parse import urlsplit

from smsconsole.supervising import preflight
from smsconsole.supervising.child import DEATHS_ALLOWED, Child
from smsconsole.supervising.guard import GRACE, Guard
from smsconsole.supervising.preflight import CannotStart
from smsconsole.supervising.programs import (
    Program,
    child_environment,
    is_demo,
    local_address,
    prepare,
    programs,
    serves_smpp,
    var_dir,
)

LOOK_EVERY = 0.2
"""Seconds between two looks at the children."""
SLOW_START = 60.0
"""Seconds after which a person wants to know why nothing answers yet."""


def say(text: str) -> None:
    """Print a line for the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        print(text, flush=True)  # noqa: T201 - the terminal is this program's page.


def answers(address: str, public_url: str) -> bool:
    """Tell whether /healthz at `address` answers 200 to one who asks for the public host."""
    headers = {"Host": urlsplit(public_url or address).netloc}
    request = urllib.request.Request(f"{address}/healthz", headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=2) as response:  # noqa: S310 - our own.
            return bool(response.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


class Supervisor:
    """The children of one console, from the first start to the last breath."""

    def __init__(self, address: str, environment: Mapping[str, str], guard: Guard) -> None:
        """`address` is where /healthz is asked; `environment` is what children see."""
        self.address = address
        self.environment = environment
        self.var = var_dir(environment)
        self.guard = guard
        self.children: list[Child] = []
        self.stopping = threading.Event()
        self._hurry = threading.Event()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Stop at the first signal, without patience at the second."""
        del number, frame
        if self.stopping.is_set():
            self._hurry.set()
        self.stopping.set()

    def child(self, program: Program) -> Child:
        """Return a child of ours with its log under var/log."""
        return Child(program, self.var / "log" / f"{program.name}.log", self.guard)

    def prepare(self) -> None:
        """Run the preparing step to its end; CannotStart shows why it failed."""
        child = self.child(prepare())
        self.children = [child]
        child.start(self.environment)
        while not child.has_died() and not self.stopping.wait(0.05):
            pass
        if self.stopping.is_set():
            return
        ending = child.bury(time.monotonic())
        self.children = []
        if ending != "exit code 0":
            raise CannotStart(
                f"The database or the static files could not be prepared ({ending}). "
                + self._log_of(child)
            )

    def run(self, listed: Sequence[Program], welcome: Callable[[], None]) -> None:
        """Keep all children running until a signal; CannotStart when one cannot live."""
        self.children = [self.child(program) for program in listed]
        for child in self.children:
            child.start(self.environment)
        self._wait_for_web(welcome)
        while not self.stopping.wait(LOOK_EVERY):
            self._look_after_children()

    def stop(self) -> None:
        """End every child: the simulator after those who still speak with it."""
        for last in (False, True):
            self._end([child for child in self.children if child.program.last is last])
        self.guard.dismiss()

    def _wait_for_web(self, welcome: Callable[[], None]) -> None:
        began = time.monotonic()
        told = False
        while not answers(self.address, self.environment.get("PUBLIC_URL", "")):
            if self.stopping.wait(LOOK_EVERY):
                return
            self._look_after_children()
            if not told and time.monotonic() - began > SLOW_START:
                told = True
                say(f"Still waiting for {self.address}/healthz; see {self.var / 'log'}/web.log")
        welcome()

    def _look_after_children(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.has_died():
                self._mourn(child, now)
            elif child.start_at is not None and now >= child.start_at:
                child.start(self.environment)

    def _mourn(self, child: Child, now: float) -> None:
        ending = child.bury(now)
        say(f"{child.program.name} stopped unexpectedly ({ending}). {self._log_of(child)}")
        if child.is_hopeless():
            raise CannotStart(
                f"{child.program.name} stopped {DEATHS_ALLOWED} times within a minute, so "
                f"everything is stopped. The reason is in {child.log}"
            )
        say(f"Starting {child.program.name} again.")

    def _end(self, children: list[Child]) -> None:
        for child in children:
            child.ask_to_end()
        deadline = time.monotonic() + GRACE
        while (
            time.monotonic() < deadline
            and not self._hurry.is_set()
            and any(child.process is not None and not child.has_died() for child in children)
        ):
            self._hurry.wait(0.05)
        for child in children:
            if not child.end_by(0.0):
                say(f"{child.program.name} did not end in time and was killed.")

    def _log_of(self, child: Child) -> str:
        lines = "\n".join(f"    {line}" for line in child.last_lines())
        return f"Last lines of {child.log}:\n{lines}"


def read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return host and port."""
    parser = argparse.ArgumentParser(
        prog="./console run",
        description="Start the whole SMS Console on this machine; Ctrl-C stops it.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", default=8000, type=_port, help="port of the web (%(default)s)")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; use a number from 1 to 65535")
    return int(text)


def listen_for_signals(supervisor: Supervisor) -> None:
    """Let Ctrl-C, TERM and a closed terminal stop everything; `nohup` keeps its promise."""
    signal.signal(signal.SIGINT, supervisor.on_signal)
    signal.signal(signal.SIGTERM, supervisor.on_signal)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, supervisor.on_signal)


def supervise(host: str, port: int) -> None:
    """Run the console until a signal; CannotStart carries the reason of any other end."""
    var = var_dir(os.environ)
    address = local_address(host, port)
    demo = is_demo()
    preflight.make_folders(var)
    # The lock lives as long as the file is open: here, and in the guard that is forked next.
    with (
        preflight.lock(var, address),
        preflight.smpp_server_port() if demo else contextlib.nullcontext() as smpp_port,
        preflight.simulator_port() if demo else contextlib.nullcontext() as simulator_port,
    ):
        preflight.require_free_port(host, port)
        environment = child_environment(
            os.environ, host=host, port=port, simulator_port=simulator_port, smpp_port=smpp_port
        )
        supervisor = Supervisor(address, environment, Guard())
        listen_for_signals(supervisor)
        try:
            say("Preparing the database and static files (the first time takes longer) ...")
            supervisor.prepare()
            if not supervisor.stopping.is_set():
                listed = programs(
                    var,
                    host=host,
                    port=port,
                    simulator_port=simulator_port,
                    smpp=serves_smpp(environment),
                )
                supervisor.run(listed, lambda: welcome(supervisor, demo=demo))
        finally:
            say("Stopping ...")
            supervisor.stop()


def welcome(supervisor: Supervisor, *, demo: bool) -> None:
    """Tell where the console is and how to get in."""
    say(f"\nSMS Console is ready: {supervisor.address}")
    if demo:
        smpp_port = supervisor.environment["SMPP_SERVER_PORT"]
        say(f"SMPP server:  127.0.0.1:{smpp_port}")
        say(f"Demo logins:  {supervisor.var / 'demo-logins.txt'}")
        say(f"Mail it sent: {supervisor.var / 'mail'}")
    say(f"Logs:         {supervisor.var / 'log'}")
    say("Ctrl-C stops everything.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 0 after a signal, 1 with the reason otherwise."""
    chosen = read_arguments(arguments)
    # Logs are opened here, not by a child that has read the settings.
    os.umask(0o077)
    try:
        supervise(chosen.host, chosen.port)
    except CannotStart as problem:
        with contextlib.suppress(OSError):
            print(problem, file=sys.stderr, flush=True)  # noqa: T201 - as in say().
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
