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


# Other alphabets that handsets and networks use, by the names of Python's codecs: ISO 8859-5 and
# -8, JIS and KS C 5601 (SMPP 3.4, 5.2.19).
_OTHERS = {
    0x05: "iso2022_jp_2",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x0A: "iso2022_jp_2",
    0x0D: "iso2022_jp_2",
    0x0E: "euc_kr",
}


def decode(octets: bytes, data_coding: int) -> str:
    """Text of short_message octets, never raising: what cannot be read shows as U+FFFD."""
    alphabet_of = _as_named(data_coding)
    if alphabet_of == DataCoding.GSM7:
        return alphabet.decode(octets)
    if alphabet_of == DataCoding.UCS2:
        return octets.decode("utf-16-be", "replace").removeprefix("\ufeff")
    return octets.decode(_OTHERS.get(alphabet_of, "latin-1"), "replace")


def _as_named(data_coding: int) -> int:
    """Return a value with a message class as that of its alphabet (3GPP TS 23.038, 4)."""
    group, low = data_coding >> 4, data_coding & 0x0F
    if group == 0xF:
        return DataCoding.LATIN1 if low & 0b0100 else DataCoding.GSM7
    if group in {0x1, 0x4, 0x5}:
        return {0: DataCoding.GSM7, 2: DataCoding.UCS2}.get(low >> 2, DataCoding.LATIN1)
    return data_coding
