"""What ./console says when it cannot start, and that a started one leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from sending.tests.waiting import wait_until
from smsconsole.tests.ports import free_port

PATIENCE = 180.0
"""Seconds; a machine may be slow, and what goes well does not wait."""
ROOT: Path = settings.BASE_DIR
NEEDED = ("cat", "cksum", "dirname", "env", "id", "mkdir", "sh")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with the script, and a PATH (bin/) on which almost nothing is found."""
    shutil.copy(ROOT / "console", tmp_path / "console")
    (tmp_path / "bin").mkdir()
    for name in NEEDED:
        found = shutil.which(name)
        assert found
        (tmp_path / "bin" / name).symlink_to(found)
    return tmp_path


def put_python(bare: Path, script: str) -> None:
    path = bare / "bin" / "python3"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def console(bare: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [bare / "console", *arguments],
        env={"PATH": str(bare / "bin")},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_without_python_it_says_what_to_install(bare: Path) -> None:
    ended = console(bare)
    assert ended.returncode == 1
    assert "no python3 on PATH" in ended.stderr
    assert "apt-get install python3 python3-venv" in ended.stderr


def test_with_an_old_python_it_names_the_version(bare: Path) -> None:
    put_python(bare, 'if [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi')
    ended = console(bare)
    assert ended.returncode == 1
    assert "needs Python 3.11 or newer, and python3 here is Python 3.9.2" in ended.stderr


def test_without_venv_it_names_the_package(bare: Path) -> None:
    put_python(bare, f'case "$2" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"')
    ended = console(bare)
    assert ended.returncode == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"apt-get install python{version}-venv" in ended.stderr


def test_without_the_right_to_write_it_names_the_folder(bare: Path) -> None:
    (bare / "var").touch()
    ended = console(bare)
    assert ended.returncode == 1
    assert f"{bare}/var and cannot write there" in ended.stderr


def test_what_it_writes_is_for_its_own_user(bare: Path) -> None:
    put_python(bare, "exit 1")
    subprocess.run(
        [bare / "console"],
        env={"PATH": str(bare / "bin"), "PYTHON": str(bare / "bin" / "python3")},
        capture_output=True,
        umask=0o022,
        check=False,
    )
    assert (bare / "var").stat().st_mode & 0o777 == 0o700


RECORDER = """
echo "$*" >>asked
case "$*" in "-m venv"*) mkdir -p var/venv/bin; cp "$0" var/venv/bin/python;; esac
exit 0
"""


@pytest.mark.parametrize("command", [[], ["run"], ["manage", "check"]])
def test_trying_it_installs_no_test_packages(bare: Path, command: list[str]) -> None:
    (bare / "bin" / "cp").symlink_to(shutil.which("cp") or "")
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-tools.txt"):
        (bare / name).touch()
    put_python(bare, RECORDER)
    assert console(bare, *command).returncode == 0
    asked = (bare / "asked").read_text().splitlines()
    installed = [line for line in asked if "pip install" in line]
    assert len(installed) == 1
    assert installed[0].endswith(
        "--require-hashes --no-deps --only-binary :all: -r requirements.txt"
    )


def test_help_lists_every_command(bare: Path) -> None:
    ended = console(bare, "help")
    assert ended.returncode == 0
    for word in ("run", "test", "check", "manage", "bench", "chaos", "lock", "sbom"):
        assert f"./console {word}" in ended.stdout.replace("[run]", "run")


def test_a_word_it_does_not_know_is_named(bare: Path) -> None:
    ended = console(bare, "fly")
    assert ended.returncode == 1
    assert "'fly' is not something ./console does." in ended.stderr


def test_an_unknown_benchmark_is_answered_with_those_there_are(bare: Path) -> None:
    for name in ("basename", "paste"):
        (bare / "bin" / name).symlink_to(shutil.which(name) or "")
    (bare / "benchmarks").mkdir()
    (bare / "benchmarks" / "intake.py").touch()
    (bare / "benchmarks" / "__init__.py").touch()
    ended = console(bare, "bench", "outtake")
    assert ended.returncode == 1
    assert ended.stderr == "There is no benchmark called 'outtake'. There are: intake.\n"


# --- A console that runs ------------------------------------------------------------------------


class Running:
    """A started console: what it says line by line, and which processes belong to it."""

    def __init__(self, var: Path) -> None:
        self.port = free_port()
        self.var = var
        self.process = self.start(self.port)

    def start(self, port: int) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        return subprocess.Popen(
            [sys.executable, "-m", "smsconsole.supervisor", "--port", str(port)],
            env={**kept, "SMSCONSOLE_MODE": "demo", "VAR_DIR": str(self.var)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            umask=0o022,
        )

    def read_until(self, words: str) -> str:
        """Return what is said up to the line with these words; fail when it does not come."""
        said = ""
        assert self.process.stdout
        # One that says nothing more is ended, and with it the loop.
        patience = threading.Timer(PATIENCE, self.process.kill)
        patience.start()
        try:
            for line in self.process.stdout:
                said += line
                if words in line:
                    return said
        finally:
            patience.cancel()
        pytest.fail(f"The console did not say {words!r}:\n{said}")

    def pids(self) -> dict[int, str]:
        """Return pid and command line of every process that works on this var/."""
        mark = f"VAR_DIR={self.var}\0".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes():
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(folder.name)] = command.decode()
            except OSError:
                continue  # It ended while we looked.
        return found

    def open_to_others(self) -> list[str]:
        """Return what is under this var/ and not for its owner alone."""
        found = []
        for path in (self.var, *self.var.rglob("*")):
            try:
                if path.stat().st_mode & 0o077:
                    found.append(str(path))
            except FileNotFoundError:
                continue  # A message that was taken while we looked.
        return found

    def child(self, words: str) -> int:
        """Return the pid of the program that the console itself has started."""
        parents = {pid: parent_of(pid) for pid, command in self.pids().items() if words in command}
        return next(pid for pid, parent in parents.items() if parent == self.process.pid)

    def last_words(self) -> str:
        """The end of every program's log."""
        logs = sorted((self.var / "log").glob("*.log"))
        return "".join(f"--- {log.name}\n{log.read_text()[-3000:]}\n" for log in logs)


def parent_of(pid: int) -> int:
    """Return the pid of the parent; 0 when the process is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    if not Path("/proc/self/environ").exists():
        pytest.skip("Processes are found through /proc, which only Linux has.")
    console = Running(tmp_path / "var")
    yield console
    console.process.terminate()
    console.process.communicate()
    # pytest shows it with a test that failed, and with no other.
    sys.stdout.write(console.last_words())


@pytest.mark.slow
def test_it_starts_heals_and_leaves_nothing_behind(running: Running) -> None:
    address = f"http://127.0.0.1:{running.port}"
    said = running.read_until("Ctrl-C stops everything.")
    assert f"SMS Console is ready: {address}" in said
    assert str(running.var / "demo-logins.txt") in said
    with urllib.request.urlopen(f"{address}/healthz", timeout=PATIENCE) as response:
        assert response.status == 200
    assert running.open_to_others() == []

    second = running.start(running.port)
    refusal, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 1
    assert "already runs" in refusal

    os.kill(running.child("gunicorn"), signal.SIGKILL)
    assert "web stopped unexpectedly (signal SIGKILL)" in running.read_until("Starting web again.")

    running.process.terminate()
    assert running.process.wait(PATIENCE) == 0
    # Those that were killed may need a moment to be gone.
    wait_until(lambda: running.pids() == {})


@pytest.mark.slow
def test_production_without_a_key_says_what_to_set(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "smsconsole.supervisor", "--port", str(free_port())],
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "SMSCONSOLE_MODE": "production"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "SECRET_KEY is missing or too simple" in ended.stderr
