"""Cutting a TCP stream into PDUs (SMPP 3.4 clause 3.2, command_length)."""

from __future__ import annotations

from collections.abc import Iterator

from sending.smpp.command_status import ESME_RINVCMDLEN
from sending.smpp.errors import ProtocolError

HEADER_SIZE = 16
_LENGTH_SIZE = 4
# A short_message has 254 octets at most; the rest is room for a 64 KiB message_payload.
MAX_PDU_SIZE = 70_000


class Framer:
    """Collects octets as they come and gives back whole PDUs."""

    def __init__(self, max_pdu_size: int = MAX_PDU_SIZE) -> None:
        self._max_pdu_size = max_pdu_size
        self._rest = b""

    @property
    def is_within(self) -> bool:
        """Tell whether a PDU has begun and not ended."""
        return bool(self._rest)

    def feed(self, octets: bytes) -> Iterator[bytes]:
        """Yield the PDUs completed by ``octets``; raise ProtocolError when the stream is lost.

        After a wrong command_length nothing that follows can be trusted, so the caller has to
        close the connection; the PDUs in front of it have been yielded by then.
        """
        buffer = self._rest + octets if self._rest else octets
        start, size = 0, len(buffer)
        while size - start >= _LENGTH_SIZE:
            length = int.from_bytes(buffer[start : start + _LENGTH_SIZE], "big")
            if not HEADER_SIZE <= length <= self._max_pdu_size:
                reason = f"command_length {length} is out of bounds"
                raise ProtocolError(reason, ESME_RINVCMDLEN)
            if size - start < length:
                break
            yield buffer[start : start + length]
            start += length
        self._rest = buffer[start:]
