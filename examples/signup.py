"""A sign-up form that checks mobile numbers by Verify: python examples/signup.py PORT.

The environment says where the console is and which service checks: CONSOLE_URL, ACCOUNT_SID,
AUTH_TOKEN, SERVICE_SID. People ask for a code with POST /signup and enter it with POST /confirm,
both in JSON. It needs nothing but Python.
"""

import base64
import json
import os
import sys
from collections.abc import Mapping
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

MOST_BYTES = 10_000
# The console is asked directly, whatever proxy others use.
_opener = build_opener(ProxyHandler({}))


class SignUp(ThreadingHTTPServer):
    """The form's server; `console` is a mapping with the names of the environment above."""

    def __init__(self, address: tuple[str, int], console: Mapping[str, str]) -> None:
        super().__init__(address, _Form)
        credentials = f"{console['ACCOUNT_SID']}:{console['AUTH_TOKEN']}".encode()
        self._authorization = f"Basic {base64.b64encode(credentials).decode()}"
        self._service = f"{console['CONSOLE_URL']}/v2/Services/{console['SERVICE_SID']}"

    def send_code(self, number: str, address: str, *, is_human: bool) -> tuple[int, dict[str, Any]]:
        """Ask for a code; tell the console who asked, and whether a captcha was solved."""
        proof = {"RiskCheck": "disable"} if is_human else {}
        fields = {"To": number, "Channel": "sms", "DeviceIp": address, **proof}
        status, answer = self._ask("Verifications", fields)
        if status < 300:
            return 202, {"sent": True}
        details = answer.get("details") or {}
        if details.get("rule") == "GUARD_CHALLENGE":
            return 403, {"sent": False, "captcha": True}
        return status, {"sent": False, "retry_after": details.get("retry_after", 0)}

    def confirm(self, number: str, code: str) -> tuple[int, dict[str, Any]]:
        """Tell whether a code is right."""
        status, answer = self._ask("VerificationCheck", {"To": number, "Code": code})
        return 200, {"welcome": status == 200 and answer.get("status") == "approved"}

    def _ask(self, path: str, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        request = Request(f"{self._service}/{path}", urlencode(fields).encode())  # noqa: S310 - the console's.
        request.add_header("Authorization", self._authorization)
        try:
            with _opener.open(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)


class _Form(BaseHTTPRequestHandler):
    """Answers one person. Behind a proxy, the address is the last one it has added."""

    server: SignUp

    def do_POST(self) -> None:
        """Send a code, or check one."""
        try:
            given = json.loads(
                self.rfile.read(min(int(self.headers["Content-Length"]), MOST_BYTES))
            )
            status, answer = self._answer(given)
        except (KeyError, TypeError, ValueError):
            status, answer = 400, {"error": "Send JSON with a number."}
        except (HTTPException, OSError):
            status, answer = 503, {"error": "Try again in a moment."}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        number = str(given["number"])
        if self.path == "/confirm":
            return self.server.confirm(number, str(given["code"]))
        # A real form asks the service of its captcha whether the answer is right.
        return self.server.send_code(number, self._address(), is_human=given.get("captcha") == "ok")

    def _address(self) -> str:
        forwarded = self.headers.get("X-Forwarded-For", self.client_address[0])
        return forwarded.rpartition(",")[2].strip()

    def log_message(self, *_words: Any) -> None:
        """Say nothing: a log of numbers is nobody's business."""


if __name__ == "__main__":
    SignUp(("127.0.0.1", int(sys.argv[1])), os.environ).serve_forever()
