"""What can go wrong between two SMPP entities."""

from __future__ import annotations


class ProtocolError(Exception):
    """The peer sent octets that are not SMPP 3.4; ``command_status`` is the answer it deserves."""

    def __init__(self, reason: str, command_status: int) -> None:
        super().__init__(reason)
        self.command_status = command_status


class EncodeError(ValueError):
    """A value does not fit the field that the specification gives it."""


class RequestError(Exception):
    """A request got no response; ``code`` names the cause."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RequestNotWritten(RequestError):
    """Proven: no octet of the request was handed to the transport."""


class RequestUnanswered(RequestError):
    """The request was written; whether the peer acted on it is unknown."""
