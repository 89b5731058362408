"""Reading and writing the field types of SMPP 3.4 clause 3.1."""

from __future__ import annotations

from sending.smpp.command_status import ESME_RINVMSGLEN
from sending.smpp.errors import EncodeError, ProtocolError


def c_octet_string(value: str, size: int, name: str) -> bytes:
    """Encode a C-octet string whose field holds ``size`` octets with its closing NUL.

    Latin-1 maps every octet to one character, so whatever a peer sent can be sent back.
    """
    if not value:
        return b"\0"
    try:
        octets = value.encode("latin-1")
    except UnicodeEncodeError as error:
        message = f"{name} holds a character that no octet stands for"
        raise EncodeError(message) from error
    if len(octets) >= size or b"\0" in octets:
        message = f"{name} must be shorter than {size} octets and hold no NUL"
        raise EncodeError(message)
    return octets + b"\0"


def read_c_octet_string(frame: bytes, offset: int) -> tuple[str, int]:
    """Return the string at ``offset`` and the offset behind its NUL."""
    end = frame.find(b"\0", offset)
    if end < 0:
        reason = "a C-octet string has no closing NUL"
        raise ProtocolError(reason, ESME_RINVMSGLEN)
    return frame[offset:end].decode("latin-1"), end + 1


def read_octets(frame: bytes, offset: int, length: int) -> tuple[bytes, int]:
    """Return exactly ``length`` octets at ``offset`` and the offset behind them."""
    end = offset + length
    if end > len(frame):
        reason = "a field reaches beyond the end of the PDU"
        raise ProtocolError(reason, ESME_RINVMSGLEN)
    return frame[offset:end], end
