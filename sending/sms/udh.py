"""The user data header of a segment: concatenation (3GPP TS 23.040, 9.2.3.24.1 and .8)."""

from dataclasses import dataclass

IEI_CONCATENATED_8_BIT = 0x00
IEI_CONCATENATED_16_BIT = 0x08

# esm_class: the short message begins with a user data header (SMPP 3.4, 5.2.12).
ESM_CLASS_UDHI = 0x40


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Which segment of which text: reference (8 or 16 bits), how many, which one from 1."""

    reference: int
    segments: int
    segment: int
    wide: bool = False


def encode(concatenation: Concatenation) -> bytes:
    """Return the header, its length octet first: 6 octets, or 7 with a 16-bit reference.

    Raises ValueError for what the header cannot say: over 255 segments, a segment beyond the
    last, a reference that is too large.
    """
    reference_octets = 2 if concatenation.wide else 1
    if not 1 <= concatenation.segment <= concatenation.segments <= 255:
        raise ValueError(f"no segment {concatenation.segment} of {concatenation.segments}")
    if not 0 <= concatenation.reference < 256**reference_octets:
        raise ValueError(f"no reference {concatenation.reference}")
    identifier = IEI_CONCATENATED_16_BIT if concatenation.wide else IEI_CONCATENATED_8_BIT
    element = (
        concatenation.reference.to_bytes(reference_octets, "big")
        + bytes([concatenation.segments, concatenation.segment])
    )  # fmt: skip
    return bytes([len(element) + 2, identifier, len(element)]) + element


def decode(short_message: bytes) -> tuple[Concatenation | None, bytes]:
    """Return what the header says of concatenation, and the octets after the header.

    Other elements are passed over. A header that does not fit its own length, or a concatenation
    element that makes no sense (9.2.3.24.1 says to ignore it), counts as no concatenation.
    """
    if not short_message:
        return None, short_message
    end = short_message[0] + 1
    if end > len(short_message):
        return None, short_message
    found = None
    position = 1
    while position + 2 <= end:
        identifier, length = short_message[position], short_message[position + 1]
        element = short_message[position + 2 : min(position + 2 + length, end)]
        position += 2 + length
        # Of elements that may occur once, the last one counts (9.2.3.24).
        found = _concatenation(identifier, element) or found
    return found, short_message[end:]


def _concatenation(identifier: int, element: bytes) -> Concatenation | None:
    wide = identifier == IEI_CONCATENATED_16_BIT
    if not wide and identifier != IEI_CONCATENATED_8_BIT:
        return None
    reference_octets = 2 if wide else 1
    if len(element) != reference_octets + 2:
        return None
    segments, segment = element[-2:]
    if not 1 <= segment <= segments:
        return None
    return Concatenation(int.from_bytes(element[:-2], "big"), segments, segment, wide)
