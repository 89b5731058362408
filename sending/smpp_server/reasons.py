"""Why a PDU is refused, in a sentence: for pages, and for the client in a TLV of our answer."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sending.smpp.tlv import Tag
from sending.smpp_server.statuses import PduRefusal

# What only the server refuses; acceptance gives a sentence with each of its codes.
_SENTENCES: Mapping[str, Promise] = {
    "ACCOUNT_DISABLED": _("The SMPP account is switched off. Switch it on, then bind again."),
    "ADDRESS_TOO_LONG": _("An address has more than 20 characters."),
    "DATABASE": _("We could not store it. Submit it again after some seconds."),
    "DATA_CODING": _("We read data_coding 0, 1, 3 and 8, and classes of GSM 7-bit. Use one."),
    "DISTRIBUTION_LIST": _("We have no distribution lists. Name each number."),
    "ESM_CLASS": _("esm_class names a type of message that clients do not submit. Use 0."),
    "MESSAGE_TOO_LONG": _("The text has more than 10 segments. Shorten it."),
    "RATE": _("More messages than the account may submit in a second. Submit it again later."),
    "SCHEDULE": _("schedule_delivery_time is no time of SMPP. Write 16 characters, or none."),
    "SCHEDULE_TOO_LATE": _("schedule_delivery_time is more than 35 days ahead."),
    "SERVER_STOPPING": _("The server restarts. Submit it again after some seconds."),
    "TEMPLATE_ID": _("The TLV 0x1401 is no number of a text template. Write its digits."),
    "TEXT_MISSING": _("There is no text. Fill short_message or message_payload."),
    "TEXT_TWICE": _("short_message and message_payload both hold a text. Fill one of them."),
    "TLV_BROKEN": _("The optional parameters cannot be read. Check their lengths."),
    "UCS2_ODD": _("data_coding 8 has two octets a character, and the number of octets is odd."),
    "UDH_BROKEN": _("esm_class says that there is a user data header, and it cannot be read."),
    "VALIDITY": _("validity_period is no time of SMPP. Write 16 characters, or none."),
    "VALIDITY_OVER": _("validity_period ends before the message would be sent."),
}
# With its NUL; the field has 256 (SMPP 3.4, 5.3.2.11).
_MOST_OCTETS = 255
# What our sentences have that ASCII has not.
_AS_ASCII = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "…": "..."})


def sentence_of(code: str) -> str:
    """Return what people read about a code of the server; empty for one of acceptance."""
    return str(_SENTENCES.get(code, ""))


def reason_tlv(refusal: PduRefusal) -> dict[int, bytes]:
    """Return additional_status_info_text: one sentence in ASCII, cut off where it is too long."""
    sentence = refusal.sentence or sentence_of(refusal.code) or refusal.code
    octets = sentence.translate(_AS_ASCII).replace("\0", "").encode("ascii", "replace")
    return {int(Tag.additional_status_info_text): octets[: _MOST_OCTETS - 1] + b"\0"}
