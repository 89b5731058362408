"""The product's own programs, started beside a measurement, and how much CPU each of them used."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_TICKS = os.sysconf("SC_CLK_TCK")
_STOP_SECONDS = 20.0


class StartedProgram:
    """A child in a process group of its own, with its output in a file."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        with (folder / f"{name}.out").open("ab") as output:
            self._process = subprocess.Popen(
                list(command),
                cwd=ROOT,
                env=dict(environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it and its children without a word, as a crash would."""
        if self.alive:
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end; killed when it does not."""
        if self.alive:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def last_words(folder: Path, lines: int = 40) -> str:
    """Return the end of what every program under the folder has written."""
    outputs = sorted(folder.rglob("*.out"))
    ends = (output.read_text(errors="replace").splitlines()[-lines:] for output in outputs)
    told = zip(outputs, ends, strict=True)
    return "\n".join(f"--- {output.name}\n" + "\n".join(end) for output, end in told)


def environment(folder: Path, database_url: str, redis_url: str) -> dict[str, str]:
    """Return what the product's programs see: a VAR_DIR of their own; SQLite without URLs."""
    for name in ("broker", "broker-control", "journal"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    ours = {"VAR_DIR": str(folder), "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    return {**os.environ, **ours, "SMSCONSOLE_MODE": "demo", "CELERY_SKIP_CHECKS": "true"}


def command(name: str, folder: Path, port: int = 0) -> Sequence[str]:
    """Return the command line of `web`, `send`, `smpp` and others, as `./console` starts them."""
    from smsconsole.supervising.programs import programs

    listed = programs(folder, host="127.0.0.1", port=port, simulator_port=None, smpp=True)
    return {program.name: program.command for program in listed}[name]


def measured(
    arguments: Sequence[str], environment: Mapping[str, str], *, cwd: Path = ROOT
) -> dict[str, Any]:
    """Run a module of the benchmarks to its end; return the JSON in the last line it prints."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        env=dict(environment),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process and its living children; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = (int(fields[11]) + int(fields[12])) / _TICKS
    return own + sum(cpu_seconds(int(child)) for child in children)


class CpuMeter:
    """Adds up CPU by name, also of processes that come and go between two looks."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, int], float] = {}
        self._last: dict[tuple[str, int], float] = {}

    def look(self, name: str, pids: Iterable[int]) -> None:
        """Note how far the processes are; call it a few times a second."""
        for pid in pids:
            if seconds := cpu_seconds(pid):
                self._first.setdefault((name, pid), seconds)
                self._last[name, pid] = seconds

    def seconds(self) -> dict[str, float]:
        """Return the CPU seconds of each name since its first look."""
        used: dict[str, float] = {}
        for (name, pid), seconds in self._last.items():
            used[name] = used.get(name, 0.0) + seconds - self._first[name, pid]
        return {name: round(seconds, 2) for name, seconds in used.items()}
