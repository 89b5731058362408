"""The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1)."""

ESCAPE = 0x1B

_DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}

# One septet each; the escape itself is no character anyone can write.
BASIC = frozenset(_DEFAULT) - {"\x1b"}
# Two septets each: ESCAPE and a second one.
EXTENDED = frozenset(_EXTENSION.values())

_TO_SEPTETS: dict[str, bytes] = {
    character: bytes([septet]) for septet, character in enumerate(_DEFAULT) if septet != ESCAPE
} | {character: bytes([ESCAPE, septet]) for septet, character in _EXTENSION.items()}


class NotGsm(ValueError):
    """A text holds characters the GSM 7-bit alphabet has not; `characters` lists them."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__("NOT_GSM")
        self.characters = characters


def forces_ucs2(text: str) -> list[str]:
    """The characters that keep a text from being GSM 7-bit, each once, in order of appearance."""
    return [character for character in dict.fromkeys(text) if character not in _TO_SEPTETS]


def septets(text: str) -> int:
    """How many septets a text of GSM characters takes, an extended one being two."""
    return len(text) + sum(map(text.count, EXTENDED))


def encode(text: str) -> bytes:
    """Septets, one an octet (unpacked), as SMPP carries them under data_coding 0.

    Raises NotGsm.
    """
    try:
        return b"".join([_TO_SEPTETS[character] for character in text])
    except KeyError:
        raise NotGsm(forces_ucs2(text)) from None


def decode(octets: bytes) -> str:
    """Text of unpacked septets. An unknown escape shows the default character (6.2.1.1)."""
    characters: list[str] = []
    escaped = False
    for octet in octets:
        septet = octet & 0x7F
        if septet == ESCAPE and not escaped:
            escaped = True
            continue
        default = " " if septet == ESCAPE else _DEFAULT[septet]
        characters.append(_EXTENSION.get(septet, default) if escaped else default)
        escaped = False
    return "".join(characters) + (" " if escaped else "")
