"""The fields of a PDU one after the other, and addresses and octets to the wire."""

from __future__ import annotations

from sending.smpp.errors import EncodeError
from sending.smpp.fields import c_octet_string, read_c_octet_string, read_octets
from sending.smpp.framing import HEADER_SIZE
from sending.smpp.tlv import Complain, decode_tlvs

_ADDRESS = 21


class FieldReader:
    """Reads the fields of one PDU, one after the other; raises ProtocolError."""

    def __init__(self, frame: bytes) -> None:
        self._frame = frame
        self._offset = HEADER_SIZE

    def text(self) -> str:
        """Read a C-octet string."""
        found, self._offset = read_c_octet_string(self._frame, self._offset)
        return found

    def octets(self, count: int) -> bytes:
        """Read so many octets."""
        found, self._offset = read_octets(self._frame, self._offset, count)
        return found

    def address(self) -> tuple[int, int, str]:
        """Read TON, NPI and an address."""
        ton, npi = self.octets(2)
        return ton, npi, self.text()

    def tlvs(self, complain: Complain) -> dict[int, bytes]:
        """Read all that is left."""
        return decode_tlvs(self._frame, self._offset, complain)


def address(ton: int, npi: int, text: str, name: str) -> bytes:
    """Encode TON, NPI and an address; raise EncodeError naming the field that does not fit."""
    return octets(ton, npi) + c_octet_string(text, _ADDRESS, name)


def octets(*numbers: int) -> bytes:
    """Encode numbers of one octet each; raise EncodeError."""
    try:
        return bytes(numbers)
    except ValueError as error:
        message = "a number does not fit its octet"
        raise EncodeError(message) from error
