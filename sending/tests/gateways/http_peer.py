"""An HTTP server on loopback that answers what each test says, and three invented aggregators."""

import asyncio
import contextlib
from dataclasses import dataclass, replace
from ipaddress import ip_network

from sending.gateways.base import GatewayConfig, SubmitRequest

# Every peer of these tests is on this machine.
LOOPBACK = (ip_network("127.0.0.0/8"),)
REQUEST = SubmitRequest(
    message_id=77,
    segment=2,
    segments=2,
    attempt=3,
    destination="+85251230001",
    source_addr="Harbourline",
    source_ton=5,
    source_npi=0,
    data_coding=8,
    esm_class=0,
    short_message=b"",
    validity_seconds=3600,
    text='Say "hi" & <bye> 100 % ☕',
)

# JSON in, JSON out, a bearer token, an array of messages.
LARKSPUR = {
    "url": "https://api.larkspur.example/v2/messages",
    "method": "POST",
    "authentication": "bearer",
    "headers": "X-Request-Id: {reference}",
    "body_kind": "json",
    "body": '{"messages": [{"to": "{destination}", "from": "{originator}", "text": "{text}",'
    ' "parts": "{segments:number}", "note": "{{kept}}", "callback": "{receipt_url}"}]}',
    "answer_format": "json",
    "message_id_rule": "$.messages[0].id",
    "error_rule": "error.code",
    "temporary_codes": "busy",
    "throttled_codes": "slow down",
    "receipt_format": "json",
    "receipt_items_rule": "reports",
    "receipt_id_rule": "id",
    "receipt_status_rule": "status.name",
    "receipt_error_rule": "status.code",
    "receipt_number_rule": "to",
    "receipt_states": "Delivered = DELIVERED\nfailed = UNDELIVERABLE\non the way = ENROUTE",
}
# A form, a user name and a secret in it, codes in place of statuses; receipts by query.
OLDFIELD = {
    "url": "http://sms.oldfield.example/cgi-bin/send",
    "method": "POST",
    "authentication": "none",
    "username": "harbour",
    "body_kind": "form",
    "body": "user={username}\npass={secret}\nto={destination_digits}\nhex={text_ucs2_hex}\n"
    "msg={text}&uc={unicode}&ttl={validity_minutes}",
    "answer_format": "text",
    "success_rule": r"^(\w+)",
    "success_values": "OK, QUEUED",
    "message_id_rule": r"ID:\s*(\S+)",
    "error_rule": r"ERR\s*(\d+)",
    "temporary_codes": "7, HTTP_500",
    "permanent_codes": "21",
    "receipt_format": "form",
    "receipt_id_rule": "msgid",
    "receipt_status_rule": "st",
    "receipt_error_rule": "err",
    "receipt_number_rule": "msisdn",
    "receipt_states": "1 = DELIVERED\n2 = UNDELIVERABLE\n8 = ACCEPTED",
}
# XML both ways, read by expressions; no id of its own: receipts name our reference.
QUILLET = {
    "url": "https://gate.quillet.example:8443/xml?ref={reference}",
    "method": "PUT",
    "authentication": "basic",
    "username": "harbour",
    "body_kind": "xml",
    "body": '<sms to="{destination}" from="{originator}">{text}</sms>',
    "answer_format": "text",
    "success_rule": r"<status>(.*?)</status>",
    "success_values": "accepted",
    "error_rule": r'<error code="(.*?)"',
    "receipt_format": "text",
    "receipt_items_rule": r"<dlr .*?/>",
    "receipt_id_rule": r'ref="(.*?)"',
    "receipt_status_rule": r'state="(.*?)"',
    "receipt_number_rule": r'to="(.*?)"',
    "receipt_states": "ok = DELIVERED\nbad = UNDELIVERABLE",
}


def config(settings, **fields):
    """The configuration of a gateway with these settings."""
    given = {"host": "", "port": 0, "system_id": "", "password": "s3cr3t", "networks": LOOPBACK}
    return GatewayConfig(**given | fields, settings=settings)


def request(message_id=77, **fields):
    """A message of its own."""
    return replace(REQUEST, message_id=message_id, **fields)


@dataclass
class Seen:
    """One request as it came."""

    line: str
    headers: dict
    body: bytes
    connection: int


def response(body=b'{"id": "abc"}', status="200 OK", headers=""):
    """The octets of an HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return head.encode() + body


class Server:
    """Answers each request with what `answer` returns; None cuts the connection."""

    def __init__(self, answer=None, *, tls=None):
        self._answer = answer or (lambda seen: response())
        self._tls = tls
        self.seen = []
        self.connections = 0
        self.came = asyncio.Event()
        self.go = asyncio.Event()
        self.go.set()

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        self._tasks = set()
        return self

    async def __aexit__(self, *problem):
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def settings(self, **fields):
        scheme = "https" if self._tls else "http"
        plain = {"body_kind": "json", "body": '{"text": "{text}"}', "message_id_rule": "id"}
        return plain | {"url": f"{scheme}://127.0.0.1:{self.port}/send"} | fields

    async def _serve(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        self.connections += 1
        number = self.connections
        try:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    await self._one(reader, writer, number)
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _one(self, reader, writer, number):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        pairs = (line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        seen = Seen(head[0], headers, body, number)
        self.seen.append(seen)
        self.came.set()
        await self.go.wait()
        octets = self._answer(seen)
        if octets is None:
            raise ConnectionResetError
        writer.write(octets)
        await writer.drain()


def let_pass(seconds):
    """Let so many seconds pass at once, for every timer of the running loop."""
    loop = asyncio.get_running_loop()
    clock = loop.time
    loop.time = lambda: clock() + seconds


async def no_receipts(receipts):
    """A sink for gateways whose receipts come another way."""
    raise AssertionError(receipts)
