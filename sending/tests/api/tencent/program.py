"""A program that signs its requests, with every part of them open to be spoilt."""

import json
import time
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from accounts.models import ApiKey
from sending.dialects.tencent.actions import VERSION
from sending.dialects.tencent.signing import SignedRequest, authorization_for

HOST = "testserver"


class Program:
    """Asks by Django's test client."""

    def __init__(self, key: ApiKey) -> None:
        self.key = key
        self.application = key.application
        # An exception must become an answer, as it does behind a web server.
        self.client = Client(raise_request_exception=False)
        self.response: Any = None

    def ask(self, action: str, parameters: Any = None, **parts: Any) -> dict[str, Any]:
        """Return what stands in the envelope. `parts`: see `send`; `headers` are added last."""
        body = parts.pop("body", None)
        if body is None:
            body = json.dumps(parameters if parameters is not None else {}).encode()
        return self.send(action, body, **parts)

    def send(
        self,
        action: str,
        body: bytes = b"",
        *,
        timestamp: int | None = None,
        secret_id: str | None = None,
        secret_key: str | None = None,
        signed_body: bytes | None = None,
        query: str = "",
        method: str = "POST",
        content_type: str = "application/json",
        service: str = "sms",
        address: str = "127.0.0.1",
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        """Sign and send; what is given differs from what an SDK would do."""
        timestamp = int(time.time()) if timestamp is None else timestamp
        signed = SignedRequest(
            method,
            query,
            {"content-type": content_type, "host": HOST},
            body if signed_body is None else signed_body,
            timestamp,
        )
        given = {
            "Host": HOST,
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Timestamp": str(timestamp),
            "Authorization": authorization_for(
                secret_id=secret_id or self.key.secret_id,
                secret_key=secret_key or self.key.secret_key,
                request=signed,
                service=service,
            ),
        } | (headers or {})
        given = {name: value for name, value in given.items() if value is not None}
        self.response = self.client.generic(
            method,
            f"/?{query}" if query else "/",
            body,
            content_type=content_type,
            headers=given,
            REMOTE_ADDR=address,
            # The client leaves it out where there is no body.
            CONTENT_TYPE=content_type,
        )
        assert self.response.status_code == 200
        assert self.response.headers["Content-Type"] == "application/json"
        envelope = json.loads(self.response.content)
        assert list(envelope) == ["Response"]
        assert len(envelope["Response"]["RequestId"]) == 36
        return envelope["Response"]

    def get(self, action: str, pairs: list[tuple[str, str]], **parts: Any) -> dict[str, Any]:
        """Ask by GET, with flattened parameters."""
        return self.send(
            action,
            query=urlencode(pairs),
            method="GET",
            content_type="application/x-www-form-urlencoded",
            **parts,
        )

    def code(self, action: str, parameters: Any = None, **parts: Any) -> str:
        """Return the code of the whole request; empty where there was no error."""
        return self.ask(action, parameters, **parts).get("Error", {}).get("Code", "")
