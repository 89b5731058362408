"""The largest bodies to every page that takes a form, through the product's own web process.

Each field gets all that one request may bring, and all fields get an equal share; somebody else
asks for /healthz meanwhile. Prints one JSON line. The environment names database and folder, see
`_database.empty_console`.
"""

import http.client
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import _sending
from benchmarks._programs import StartedProgram, command

FOLDER = Path(os.environ.get("VAR_DIR", "var"))
START_SECONDS = 60.0
HEALTH_EVERY = 0.05
FILLINGS = ("{1}", "ab.com ", "[", "+85261234567\n", "é\u0301", "\u202e<a>", "9")
# Of what a request may bring; names, boundaries and the token need some room.
SHARE = 0.9
TOKEN = "x" * 32
BOUNDARY = "----------fuzz"


def main() -> dict[str, Any]:
    """Send all bodies; return how long each took, and each /healthz."""
    _sending.set_up()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from smsconsole.tests.ports import free_port

    addresses, cookies = _world()
    port = free_port()
    web = StartedProgram("web", command("web", FOLDER, port), os.environ, FOLDER)
    health = _Health(port)
    try:
        if not _sending.wait_until(lambda: health.ask() is not None, START_SECONDS, every=0.1):
            raise TimeoutError(f"the web process did not start; see {FOLDER}/web.out")
        health.start()
        asked = []
        for name, url, reader in addresses:
            # One person sends more than the console lets anybody.
            shutil.rmtree(FOLDER / "cache", ignore_errors=True)
            for told, body in _bodies(_fields(port, url, cookies[reader])):
                status, seconds = _post(port, url, cookies[reader], body)
                asked.append(
                    {"name": name, "body": told, "status": status, "ms": round(seconds * 1000, 1)}
                )
        health.stop()
    finally:
        web.stop()
    return {"pages": len(addresses), "asked": asked, "health_ms": health.times}


def _world() -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """Return (name, address, reader) of what takes a form, and the readers' cookies."""
    from django.conf import settings

    from smsconsole.tests.addresses import ADDRESSES, OPERATE
    from smsconsole.tests.test_every_url import where
    from smsconsole.tests.world import make_world

    world = make_world()
    session, csrf = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
    cookies = {
        name: f"{session}={world.readers[name].cookies[session].value}; {csrf}={TOKEN}"
        for name in ("owner", "operator")
    }
    # What ends the session, or the row that others need, is asked for last.
    taking = [(name, each) for name, each in ADDRESSES.items() if "POST" in each.methods]
    last = ("logout", "remove", "delete", "cancel", "password", "switch", "activate", "email")
    taking.sort(key=lambda pair: (pair[0] == "account_logout", any(w in pair[0] for w in last)))
    return [
        (name, where(name, each, world.ours), "operator" if each.needs == OPERATE else "owner")
        for name, each in taking
    ], cookies


class _Health(threading.Thread):
    """Somebody else, who only wants to know whether the site is up."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._over = threading.Event()
        self.times: list[float] = []

    def ask(self) -> float | None:
        """Return the milliseconds of one request; None when nobody answers."""
        began = time.perf_counter()
        try:
            if _request(self._port, "GET", "/healthz", {})[0] != http.HTTPStatus.OK:
                return None
        except OSError:
            return None
        return round((time.perf_counter() - began) * 1000, 1)

    def run(self) -> None:
        """Ask again and again."""
        while not self._over.wait(HEALTH_EVERY):
            took = self.ask()
            self.times.append(START_SECONDS * 1000 if took is None else took)

    def stop(self) -> None:
        """Ask no more."""
        self._over.set()
        self.join()


def _fields(port: int, url: str, cookie: str) -> list[str]:
    """Return the names of the fields of the page's own form, or those that others have."""
    from bs4 import BeautifulSoup

    _status, content = _request(port, "GET", url, {"Cookie": cookie})
    page = BeautifulSoup(
        content.decode(errors="replace") if b"<html" in content else "", "html.parser"
    )
    found = page.select("main form[method=post] [name]")
    named = [str(field["name"]) for field in found if field["name"] != "csrfmiddlewaretoken"]
    usual = ["body", "content", "sample", "name", "numbers", "next", "decision", "remarks"]
    return list(dict.fromkeys(named))[:12] or usual


def _bodies(fields: list[str]) -> Iterator[tuple[str, bytes]]:
    from django.conf import settings

    octets = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE * SHARE)
    for filling in FILLINGS:
        share = octets // len(fields)
        yield f"all {filling!r}", _multipart({name: _filled(filling, share) for name in fields})
        for name in fields:
            yield f"{name} {filling!r}", _multipart({name: _filled(filling, octets)})
    # As many fields as a request may have.
    many = {f"{fields[0]}-{number}": "{1}" * 100 for number in range(900)}
    yield "many fields", _multipart(many)


def _filled(filling: str, octets: int) -> str:
    return filling * (octets // len(filling.encode()))


def _multipart(fields: Mapping[str, str]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {**fields, "csrfmiddlewaretoken": TOKEN}.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def _post(port: int, url: str, cookie: str, body: bytes) -> tuple[int, float]:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    began = time.perf_counter()
    status, _content = _request(port, "POST", url, {"Cookie": cookie, "Content-Type": kind}, body)
    return status, time.perf_counter() - began


def _request(
    port: int, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS * 3)
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, body=body, headers=dict(headers))
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content


if __name__ == "__main__":
    print(json.dumps(main()))
