"""A program that asks as the SDKs of Twilio do, with every part open to be spoilt."""

import base64
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, KeyKind, SmsApplication

HOST = "testserver"


def make_auth_token(application: SmsApplication, **fields: Any) -> ApiKey:
    """The auth token of an application."""
    return ApiKey.objects.create(
        organization=application.organization,
        application=application,
        kind=KeyKind.TOKEN.value,
        secret_id=application.account_sid,
        **fields,
    )


class TwilioProgram:
    """Asks by Django's test client."""

    def __init__(self, key: ApiKey) -> None:
        self.key = key
        self.application = key.application
        self.account = f"/2010-04-01/Accounts/{self.application.account_sid}"
        # An exception must become an answer, as it does behind a web server.
        self.client = Client(raise_request_exception=False)
        self.response: Any = None

    def ask(
        self,
        method: str,
        path: str,
        fields: Any = (),
        *,
        user: str | None = None,
        password: str | None = None,
        headers: dict[str, str] | None = None,
        address: str = "127.0.0.1",
        body: bytes | None = None,
        content_type: str = "application/x-www-form-urlencoded",
    ) -> Any:
        """Return the JSON of the answer; `path` beginning with @ is one of the account."""
        user = self.key.secret_id if user is None else user
        password = self.key.secret_key if password is None else password
        basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        path = self.account + path[1:] if path.startswith("@") else path
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        given = {"Host": HOST, "Authorization": f"Basic {basic}"} | (headers or {})
        given = {name: value for name, value in given.items() if value is not None}
        encoded = urlencode(pairs).encode() if body is None else body
        if method != "POST" and pairs:
            path = f"{path}?{urlencode(pairs)}"
        self.response = self.client.generic(
            method,
            path,
            encoded if method == "POST" else b"",
            content_type=content_type,
            headers=given,
            REMOTE_ADDR=address,
        )
        content = self.response.content
        if self.response.status_code == 204:
            assert content == b""
            return None
        assert self.response.headers["Content-Type"] == "application/json"
        return json.loads(content)

    def refused(self, method: str, path: str, fields: Any = (), **parts: Any) -> tuple[int, int]:
        """Return status and code of a request that must be refused."""
        answer = self.ask(method, path, fields, **parts)
        assert set(answer) <= {"code", "message", "more_info", "status", "details"}, answer
        assert answer["status"] == self.response.status_code
        return self.response.status_code, answer["code"]


def create(program: TwilioProgram, wish: Any, **parts: Any) -> Any:
    """Return a message that must be accepted."""
    answer = program.ask("POST", "@/Messages.json", wish, **parts)
    assert program.response.status_code == 201, answer
    return answer


def in_(**time: float) -> str:
    """Return a moment from now, as SDKs write it."""
    return (timezone.now() + timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")
