"""Which programs make up the console on one machine, and the environment they share."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent.parent
EVERY_INTERFACE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only recognised here.


@dataclass(frozen=True)
class Program:
    """One child: the name people read, its command line, and whether it ends after the others."""

    name: str
    command: tuple[str, ...]
    last: bool = False


def var_dir(environment: Mapping[str, str]) -> Path:
    """Return the folder for everything that is written, as settings.py reads it."""
    return Path(environment.get("VAR_DIR") or BASE_DIR / "var").resolve()


def bracketed(host: str) -> str:
    """Return the host as an address writes it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def local_address(host: str, port: int) -> str:
    """Return the address under which this machine itself reaches a server bound to `host`."""
    loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - only recognised here.
    return f"http://{bracketed(loopback.get(host, host))}:{port}"


def child_environment(
    environment: Mapping[str, str],
    *,
    host: str,
    port: int,
    simulator_port: int | None,
    smpp_port: int | None = None,
) -> dict[str, str]:
    """Return what all children see; what the operator has set stays."""
    shared = {**environment, "PYTHONUNBUFFERED": "1"}
    if simulator_port is not None:
        shared["SIMULATOR_PORT"] = str(simulator_port)
    if smpp_port is not None:
        shared.setdefault("SMPP_SERVER_PORT", str(smpp_port))
    if environment.get("SMSCONSOLE_MODE") == "demo":
        shared.setdefault("PUBLIC_URL", local_address(host, port))
        public = urlsplit(shared["PUBLIC_URL"]).hostname or host
        hosts = ["localhost", "127.0.0.1", "[::1]", bracketed(host), bracketed(public)]
        if host in EVERY_INTERFACE:
            hosts = ["*"]
        shared.setdefault("ALLOWED_HOSTS", ",".join(dict.fromkeys(hosts)))
    return shared


def prepare() -> Program:
    """Return the step before all others: database, static files, demo data."""
    return Program("prepare", (sys.executable, "manage.py", "prepare"))


def serves_smpp(environment: Mapping[str, str]) -> bool:
    """Tell whether programs bind to this console: its settings say where, or it is the demo."""
    named = (environment.get(f"SMPP_SERVER_{name}", "") for name in ("PORT", "TLS_CERT"))
    return any(value not in {"", "0"} for value in named)


def programs(
    var: Path, *, host: str, port: int, simulator_port: int | None, smpp: bool = False
) -> list[Program]:
    """Return the children of a running console; no simulator when it has no port."""
    celery = (sys.executable, "-m", "celery", "-A", "smsconsole", "worker")
    send = ("-Q", "send", "-P", "threads", "-c", "4", "-n", "send@%h")
    check = ("-Q", "check", "-P", "prefork", "-c", "2", "-n", "check@%h")
    # One thread: it waits for nobody, see sending/callbacks/rounds.py. Its task runs every second,
    # and INFO has two lines for each.
    callbacks = ("-Q", "callbacks", "-P", "threads", "-c", "1", "-n", "callbacks@%h")
    work = ("-Q", "work", "-P", "prefork", "-c", "2", "-n", "work@%h")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    alone = (*quiet, "-l", "INFO")
    schedule = ("-B", "--schedule", str(var / "celerybeat-schedule"))
    listed = [
        Program("web", (*_gunicorn(), "--bind", f"{bracketed(host)}:{port}")),
        Program("send", (*celery, *send, *alone)),
        Program("check", (*celery, *check, *alone)),
        Program("callbacks", (*celery, *callbacks, *quiet, "-l", "WARNING")),
        Program("work", (*celery, *work, *schedule, *alone)),
    ]
    if smpp:
        listed.append(Program("smpp", (sys.executable, "manage.py", "smpp_server")))
    if simulator_port is not None:
        listed.append(Program("simulator", _simulator(var, simulator_port), last=True))
    return listed


def _gunicorn() -> tuple[str, ...]:
    config = ("--config", "python:smsconsole.gunicorn_conf")
    return (sys.executable, "-m", "gunicorn", "smsconsole.wsgi", *config)


def _simulator(var: Path, port: int) -> tuple[str, ...]:
    log = var / "simulator" / "accepted.log"
    return (sys.executable, "-m", "sending.smpp.simulator", "--port", str(port), "--log", str(log))


def is_demo(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether demo data and the simulator belong to this run."""
    return environment.get("SMSCONSOLE_MODE") == "demo"
