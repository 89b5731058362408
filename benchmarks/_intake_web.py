"""What an upload costs the web process; prints one JSON line.

    python -m benchmarks._intake_web SMALL LARGE

The product's web process and `check` worker run on the database of the environment. The small file
is uploaded and checked first, so that the web process has loaded what it ever loads; then the
large one, while its check page is asked for as a browser does.
"""

import http.client
import json
import os
import re
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks import _sending
from benchmarks._intake_run import BODY
from benchmarks._programs import StartedProgram, command
from smsconsole.tests.ports import free_port

FOLDER = Path(os.environ.get("VAR_DIR", "var"))
SMALL_TASKS = 3
START_SECONDS = 60.0
CHECK_SECONDS = 300.0
_BOUNDARY = "a-boundary-of-the-benchmark"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Browser:
    """Somebody who is signed in and sends a form."""

    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies = dict(cookies)

    def open(self, address: str) -> str:
        """Return a page."""
        return self._ask("GET", address).read().decode()

    def upload(self, fields: Mapping[str, Any], path: Path) -> str:
        """Send the form that composes a task; return the address of its check page."""
        from django.test.client import encode_multipart

        token = _TOKEN.search(self.open("/send/"))
        assert token is not None
        with path.open("rb") as file:
            form = {**fields, "file": file, "csrfmiddlewaretoken": token[1]}
            body = encode_multipart(_BOUNDARY, form)
        kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        response = self._ask("POST", "/send/", body, kind)
        page = response.read().decode()
        address = response.headers["Location"]
        if not address:
            raise RuntimeError(f"the form was refused: {page}")
        return str(address)

    def _ask(
        self, method: str, address: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> http.client.HTTPResponse:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, address, body, {**(headers or {}), "Cookie": cookie})
        response = self._connection.getresponse()
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response


class MemoryWatch(threading.Thread):
    """Looks a hundred times a second how much memory of their own a process and its children have.

    Pages of the database that SQLite maps are the system's cache, and not counted.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        self._pids = [pid, *map(int, children)]
        self._stop_now = threading.Event()
        self._peak = 0

    def look(self) -> int:
        """Return KiB now."""
        kib = 0
        for pid in self._pids:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            kib += int(status.partition("RssAnon:")[2].split()[0])
        return kib

    def run(self) -> None:
        while not self._stop_now.wait(0.01):
            self._peak = max(self._peak, self.look())

    def stop(self) -> int:
        """Return the most KiB there were."""
        self._stop_now.set()
        self.join()
        return self._peak


def main(small: Path, large: Path) -> dict[str, Any]:
    """Upload, wait for the check, and return the memory of the web process before and at most."""
    _sending.set_up()
    from django.core.management import call_command

    from sending.models import SendTask

    call_command("collectstatic", interactive=False, verbosity=0)
    port = free_port()
    fields, cookies = _sender()
    programs = [
        StartedProgram(name, command(name, FOLDER, port), os.environ, FOLDER)
        for name in ("web", "check")
    ]
    try:
        browser = _browser(port, cookies)
        for _time in range(SMALL_TASKS):
            _check(browser, fields, small)
        watch = MemoryWatch(programs[0].pid)
        before = watch.look()
        watch.start()
        began = time.monotonic()
        _check(browser, fields, large)
        seconds = time.monotonic() - began
        peak = watch.stop()
    finally:
        for program in programs:
            program.stop()
    task = SendTask.objects.latest("pk")
    return {
        "state": task.state,
        "rows": task.rows_read,
        "seconds": round(seconds, 1),
        "web_before_mb": round(before / 1024, 1),
        "web_peak_mb": round(peak / 1024, 1),
    }


def _sender() -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a sender fills in, and the cookies of their session."""
    from django.conf import settings
    from django.test import Client

    from accounts.tests.factories import log_in
    from sending.tests import factories
    from templates_app.tests.factories import approved_template

    member = factories.make_sender()
    factories.make_gateway()
    factories.make_prices()
    template = approved_template(member.organization, BODY, "MARKETING")
    name = settings.SESSION_COOKIE_NAME
    cookies = {name: log_in(Client(), member).cookies[name].value}
    return {"name": "Upload", "template": template.pk, "source": "UPLOAD"}, cookies


def _browser(port: int, cookies: Mapping[str, str]) -> Browser:
    def answers() -> bool:
        try:
            Browser(port, {}).open("/healthz")
        except ConnectionRefusedError:
            return False
        return True

    if not _sending.wait_until(answers, START_SECONDS, every=0.1):
        raise TimeoutError(f"the web process did not start; see {FOLDER}/*.out")
    return Browser(port, cookies)


def _check(browser: Browser, fields: Mapping[str, Any], path: Path) -> None:
    """Upload a file and ask for its check page, twice a second, until it can be sent."""
    address = browser.upload(fields, path)
    if not _sending.wait_until(
        lambda: 'name="messages"' in browser.open(address), CHECK_SECONDS, every=0.5
    ):
        raise TimeoutError(f"the check did not end; see {FOLDER}/*.out")


if __name__ == "__main__":
    print(json.dumps(main(*map(Path, sys.argv[1:]))))
