"""Runs what the image runs, as its user, in its folders: in Docker where it answers, else without.

Without Docker this needs root. The folders are those that the Dockerfile makes, below a folder of
our own; the commands are those of docker-compose.yml; the user is the image's, who may read
everything here, and write what is his alone.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
USER = re.findall(r"--uid (\d+)", DOCKERFILE)[0]
VAR = re.findall(r"VAR_DIR=(\S+)", DOCKERFILE)[0]
PATIENCE = 120.0
WORKERS = ("send", "check", "callbacks", "work", "beat")


def folders() -> list[str]:
    """Return the folders that the image gives its user."""
    made = re.findall(r"install -d -o smsconsole -g smsconsole((?:\s+\\?\s*/\S+)+)", DOCKERFILE)
    return made[0].replace("\\", " ").split()


def as_user(command: list[str]) -> list[str]:
    """Return a command that writes as the image's user and reads whatever is here."""
    capabilities = "=-all,+dac_read_search"
    return [
        "setpriv", "--reuid", USER, "--regid", USER, "--clear-groups",
        f"--inh-caps{capabilities}", f"--ambient-caps{capabilities}",
        f"--bounding-set{capabilities}", "--no-new-privs", *command,
    ]  # fmt: skip


def environment(var: Path) -> dict[str, str]:
    """Return what Compose gives, but for services: SQLite and files stand in for them."""
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SMSCONSOLE_MODE": "production",
        "SECRET_KEY": "image-" + "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": "sms.example.com",
        "PUBLIC_URL": "https://sms.example.com",
        "VAR_DIR": str(var),
    }


def command_of(service: str, port: int) -> list[str]:
    """Return the command of a service, with our port in place of the container's."""
    text = DOCKERFILE.rpartition("CMD ")[2].strip()
    command = SERVICES[service].get("command") or yaml.safe_load(text)
    own = {"0.0.0.0:8000": f"127.0.0.1:{port}", "/tmp/celerybeat-schedule": "schedule"}  # noqa: S108
    return [own.get(word, word) for word in command]


@contextlib.contextmanager
def running(services: tuple[str, ...], below: Path, port: int) -> Iterator[dict[str, int]]:
    """Start services, and end them by their process ids; yield {service: pid}."""
    started: dict[str, subprocess.Popen[bytes]] = {}
    var = below / VAR.lstrip("/")
    try:
        for service in services:
            command = command_of(service, port)
            command = [str(var / word) if word == "schedule" else word for word in command]
            with (below / f"{service}.log").open("wb") as log:
                started[service] = subprocess.Popen(
                    as_user(command), cwd=ROOT, env=environment(var), stdout=log, stderr=log
                )
        yield {service: process.pid for service, process in started.items()}
        dead = [service for service, process in started.items() if process.poll() is not None]
        for service in dead:
            print(f"{service} ended:\n{(below / f'{service}.log').read_text()[-2000:]}")
        if dead:
            raise SystemExit(1)
    finally:
        for process in started.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in started.values():
            process.wait(60)


def is_healthy(port: int, var: Path) -> bool:
    """Ask as the health check of Compose does."""
    test = SERVICES["web"]["healthcheck"]["test"][1:]
    command = [word.replace(":8000/", f":{port}/") for word in test]
    return (
        subprocess.run(command, env=environment(var), capture_output=True, check=False).returncode
        == 0
    )


def without_docker() -> int:
    """Do the image's steps one after the other; return how the run ends."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        print("NOT RUN: without Docker this needs root and setpriv.")
        return 0
    os.umask(0o022)
    below = Path(tempfile.mkdtemp(prefix="smsconsole-image-"))
    below.chmod(0o755)
    try:
        # The image's root owns what is above; `install` does the rest.
        for folder in folders():
            subprocess.run(
                ["install", "-d", "-o", USER, "-g", USER, below / folder.lstrip("/")], check=True
            )
        var = below / VAR.lstrip("/")
        prepared = subprocess.run(
            as_user(command_of("prepare", 0)), cwd=ROOT, env=environment(var), check=False
        )
        if prepared.returncode:
            return 1
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]
        with running(("web", *WORKERS), below, port):
            limit = time.monotonic() + PATIENCE
            while not is_healthy(port, var):
                if time.monotonic() > limit:
                    print((below / "web.log").read_text()[-2000:])
                    return 1
                time.sleep(0.5)
            open_to_others = [
                path for path in var.rglob("*") if path.is_file() and path.stat().st_mode & 0o077
            ]
            if open_to_others:
                print(f"Others could read {open_to_others[:5]}")
                return 1
        print(f"As user {USER}: prepare, web and {', '.join(WORKERS)} run.")
        return 0
    finally:
        shutil.rmtree(below)


def with_docker() -> int:
    """Build the image and prepare a console in a container."""
    subprocess.run(["docker", "build", "--tag", "smsconsole-ci", "."], cwd=ROOT, check=True)
    given = [
        f"--env={name}={value}" for name, value in environment(Path(VAR)).items() if name != "PATH"
    ]
    prepare = SERVICES["prepare"]["command"]
    return subprocess.run(
        ["docker", "run", "--rm", *given, "smsconsole-ci", *prepare], check=False
    ).returncode


def main() -> int:
    """Choose by whether Docker answers."""
    answers = (
        shutil.which("docker")
        and not subprocess.run(["docker", "info"], capture_output=True, check=False).returncode
    )
    return with_docker() if answers else without_docker()


if __name__ == "__main__":
    sys.exit(main())
