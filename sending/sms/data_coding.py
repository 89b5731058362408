"""data_coding: which alphabet the octets of a short message are in (SMPP 3.4, 5.2.19)."""

from enum import IntEnum

from sending.sms import alphabet


class DataCoding(IntEnum):
    """The values we send and read; 0 is the SMSC's default alphabet, taken as GSM 7-bit."""

    GSM7 = 0x00
    LATIN1 = 0x03
    UCS2 = 0x08


def encode(text: str, data_coding: DataCoding) -> bytes:
    """The octets of short_message: septets one an octet, ISO 8859-1, or UTF-16 big-endian.

    Raises alphabet.NotGsm or UnicodeEncodeError where the alphabet has no such character.
    """
    if data_coding is DataCoding.GSM7:
        return alphabet.encode(text)
    if data_coding is DataCoding.LATIN1:
        return text.encode("latin-1")
    return text.encode("utf-16-be", "surrogatepass")


def decode(octets: bytes, data_coding: int) -> str:
    """Text of short_message octets, never raising: what cannot be read shows as U+FFFD."""
    if data_coding == DataCoding.GSM7:
        return alphabet.decode(octets)
    if data_coding == DataCoding.UCS2:
        return octets.decode("utf-16-be", "replace")
    return octets.decode("latin-1")
