"""Children are started, watched and ended; small stand-ins take the place of the real programs."""

import http.server
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsconsole import supervisor as supervising
from smsconsole.supervising.child import Child, describe
from smsconsole.supervising.guard import Guard
from smsconsole.supervising.preflight import CannotStart
from smsconsole.supervising.programs import Program
from smsconsole.supervisor import Supervisor

# A leader with a process of its own, both of which say that they live by keeping a pipe open.
FAMILY = """
import os, signal, sys
stubborn = sys.argv[2] == "stubborn"
fifo = os.open(sys.argv[1], os.O_WRONLY)
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        signal.pause()
if stubborn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(fifo, b"up")
while True:
    signal.pause()
"""


class Alive:
    """Tells when every process that holds the other end of a pipe is gone."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self.end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def program(self, name: str, manner: str = "polite", *, last: bool = False) -> Program:
        command = (sys.executable, "-c", FAMILY, str(self.path), manner)
        return Program(name, command, last)

    def read(self, patience: float = 120) -> bytes:
        """Return what a process wrote; b"" once nobody is left who could."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.end, selectors.EVENT_READ)
            assert selector.select(patience), "The process neither spoke nor ended."
        return os.read(self.end, 100)


@pytest.fixture
def alive(tmp_path: Path) -> Iterator[Alive]:
    pipe = Alive(tmp_path / "alive")
    yield pipe
    os.close(pipe.end)


@pytest.fixture
def web() -> Iterator[str]:
    """A server that answers 200 to everything; yields its address."""

    class Healthy(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Healthy)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def started(tmp_path: Path, web: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    monkeypatch.setattr(supervising, "LOOK_EVERY", 0.01)
    (tmp_path / "log").mkdir()
    environment = {**os.environ, "VAR_DIR": str(tmp_path)}
    supervisor = Supervisor(web, environment, Guard(grace=0.2))
    yield supervisor
    supervisor.stop()


def python(name: str, code: str) -> Program:
    return Program(name, (sys.executable, "-c", code))


def test_stopping_leaves_no_process(started: Supervisor, alive: Alive) -> None:
    def welcome() -> None:
        assert alive.read() == b"up"
        started.on_signal(signal.SIGTERM, None)

    started.run([alive.program("family")], welcome)
    started.stop()
    assert alive.read() == b""


def test_a_child_that_does_not_listen_is_killed_and_named(
    started: Supervisor,
    alive: Alive,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(supervising, "GRACE", 0.2)

    def welcome() -> None:
        assert alive.read() == b"up"
        started.on_signal(signal.SIGINT, None)

    started.run([alive.program("family", "stubborn")], welcome)
    started.stop()
    assert alive.read() == b""
    assert "family did not end in time and was killed." in capsys.readouterr().out


def test_a_second_signal_does_not_wait(started: Supervisor, alive: Alive) -> None:
    def welcome() -> None:
        assert alive.read() == b"up"
        started.on_signal(signal.SIGINT, None)
        started.on_signal(signal.SIGINT, None)

    started.run([alive.program("family", "stubborn")], welcome)
    started.stop()
    assert alive.read() == b""


def test_a_child_that_dies_is_named_with_its_last_lines_and_started_again(
    started: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "been-here"
    code = (
        "import pathlib, signal, sys\n"
        f"mark = pathlib.Path({str(mark)!r})\n"
        "first = not mark.exists()\n"
        "mark.write_text('once' if first else 'twice')\n"
        "if first:\n"
        "    sys.exit('the disk is full')\n"
        "signal.pause()\n"
    )
    original = started._look_after_children

    def look() -> None:
        original()
        if mark.exists() and mark.read_text() == "twice":
            started.stopping.set()

    started._look_after_children = look  # type: ignore[method-assign]
    started.run([python("send", code)], lambda: None)
    said = capsys.readouterr().out
    assert "send stopped unexpectedly (exit code 1)" in said
    assert "the disk is full" in said
    assert "Starting send again." in said


def test_five_deaths_within_a_minute_stop_everything(
    started: Supervisor, alive: Alive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsconsole.supervising.child.LONGEST_PAUSE", 0.0)
    listed = [alive.program("family"), python("web", "raise SystemExit(3)")]
    with pytest.raises(CannotStart, match="web stopped 5 times within a minute"):
        started.run(listed, lambda: None)


def test_deaths_far_apart_do_not_add_up(started: Supervisor) -> None:
    child = started.child(python("web", "raise SystemExit(3)"))
    for minute in range(8):
        child.start(started.environment)
        assert child.process is not None
        child.process.wait()
        assert child.has_died()
        child.bury(now=minute * 61.0)
        assert child.start_at == minute * 61.0 + 0.5
        assert not child.is_hopeless()


def test_preparing_that_fails_shows_why(
    started: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = python("prepare", "raise SystemExit('SECRET_KEY is missing')")
    monkeypatch.setattr(supervising, "prepare", lambda: failing)
    with pytest.raises(CannotStart, match=r"(?s)could not be prepared.*SECRET_KEY is missing"):
        started.prepare()


def test_preparing_that_works_says_nothing(
    started: Supervisor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervising, "prepare", lambda: python("prepare", "print('done')"))
    started.prepare()
    assert capsys.readouterr().out == ""
    assert started.children == []


def test_the_simulator_ends_after_those_who_speak_with_it(
    started: Supervisor, tmp_path: Path
) -> None:
    order = tmp_path / "order"
    code = (
        "import pathlib, signal, sys\n"
        "def end(number, frame):\n"
        f"    with open({str(order)!r}, 'a') as file: file.write(sys.argv[1] + ' ')\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[2]).touch()\n"
        "while True: signal.pause()\n"
    )
    ready = [tmp_path / "a-ready", tmp_path / "b-ready"]
    listed = [
        Program("simulator", (sys.executable, "-c", code, "simulator", str(ready[0])), last=True),
        Program("send", (sys.executable, "-c", code, "send", str(ready[1]))),
    ]
    original = started._look_after_children

    def look() -> None:
        original()
        if all(path.exists() for path in ready):
            started.stopping.set()

    started._look_after_children = look  # type: ignore[method-assign]
    started.run(listed, lambda: None)
    started.stop()
    assert order.read_text().split() == ["send", "simulator"]


def test_a_killed_supervisor_leaves_no_process(tmp_path: Path, alive: Alive) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from smsconsole.supervising.child import Child\n"
        "from smsconsole.supervising.guard import Guard\n"
        "from smsconsole.supervising.programs import Program\n"
        "program = Program('family', tuple(sys.argv[2:]))\n"
        "Child(program, Path(sys.argv[1]), Guard(grace=0.3)).start(os.environ)\n"
        "import signal; signal.pause()\n"
    )
    command = alive.program("family", "stubborn").command
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "log"), *command])
    assert alive.read() == b"up"
    process.kill()
    process.wait()
    assert alive.read() == b""


def test_a_big_log_is_set_aside(started: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsconsole.supervising.child.LOG_LIMIT", 3)
    child = Child(python("web", "print('new')"), started.var / "log" / "web.log", started.guard)
    child.log.write_text("old text")
    child.start(started.environment)
    assert child.process is not None
    child.process.wait()
    assert child.last_lines() == ["new"]
    assert child.log.with_name("web.log.1").read_text() == "old text"
    child.end_by(0.0)


@pytest.mark.parametrize(
    ("returncode", "words"), [(0, "exit code 0"), (1, "exit code 1"), (-9, "signal SIGKILL")]
)
def test_an_ending_is_said_in_words(returncode: int, words: str) -> None:
    assert describe(returncode) == words


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000.5"])
def test_a_wrong_port_is_refused_with_a_sentence(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        supervising.main([f"--port={port}"])
    assert "use a number from 1 to 65535" in capsys.readouterr().err
