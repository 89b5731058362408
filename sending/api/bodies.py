"""Reading the body of a request of a program: whole, or refused with a sentence."""

from django.http import HttpRequest
from django.http.request import UnreadablePostError

from accounts.requests import whole_number


class BodyRefused(Exception):
    """The body cannot be taken; the text says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def octets_of(request: HttpRequest, most: int) -> bytes:
    """Return the whole body; raise BodyRefused. A part of it must not pass for an empty one."""
    given = request.META.get("CONTENT_LENGTH") or "0"
    if request.headers.get("Transfer-Encoding") and request.META.get("wsgi.input_terminated"):
        return _chunked_octets(request, most)
    if request.headers.get("Transfer-Encoding") or not given.isdecimal():
        raise BodyRefused(411, "Send a Content-Length.")
    length = whole_number(given)
    if length is None or length > most:
        raise BodyRefused(413, f"At most {most} bytes at a time.")
    try:
        body: bytes = request.read(length)
    except (UnreadablePostError, OSError) as error:
        raise BodyRefused(400, "The request broke off.") from error
    if len(body) < length:
        raise BodyRefused(400, "The request broke off.")
    return body


def _chunked_octets(request: HttpRequest, most: int) -> bytes:
    """Return a body whose end the server knows; Django itself reads none without a length."""
    octets = bytearray()
    try:
        while chunk := request.META["wsgi.input"].read(min(65_536, most + 1 - len(octets))):
            octets += chunk
    except Exception as error:  # Servers raise errors of their own.
        raise BodyRefused(400, "The request broke off.") from error
    if len(octets) > most:
        raise BodyRefused(413, f"At most {most} bytes at a time.")
    return bytes(octets)
