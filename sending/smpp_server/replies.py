"""A reply as a client gets it: a deliver_sm whose text is in the alphabet that it needs."""

from sending.smpp.pdu import DeliverSm
from sending.smpp.tlv import Tag
from sending.sms import alphabet
from sending.sms.data_coding import DataCoding, encode

_SHORT = 254
_INTERNATIONAL, _ISDN, _ALPHANUMERIC, _UNKNOWN = 1, 1, 5, 0


def reply_deliver_sm(msisdn: str, originator: str, text: str) -> DeliverSm:
    """Return what a handset sent, whole; a long text stands in message_payload."""
    coding = DataCoding.UCS2 if alphabet.forces_ucs2(text) else DataCoding.GSM7
    octets = encode(text, coding)
    is_long = len(octets) > _SHORT
    digits = originator.removeprefix("+")
    return DeliverSm(
        source_addr=msisdn.removeprefix("+"),
        source_addr_ton=_INTERNATIONAL,
        source_addr_npi=_ISDN,
        destination_addr=digits[:20],
        dest_addr_ton=_UNKNOWN if digits.isdecimal() else _ALPHANUMERIC,
        dest_addr_npi=_UNKNOWN,
        short_message=b"" if is_long else octets,
        data_coding=int(coding),
        tlvs={int(Tag.message_payload): octets} if is_long else {},
    )
