"""Evidence: images that prove whose a signature is, known by their content and not their name."""

import zlib
from collections.abc import Iterator

EVIDENCE_MAX_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
CONTENT_TYPES = {"png": "image/png", "jpg": "image/jpeg"}

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
# Markers that begin the frame of a JPEG (ITU-T T.81, table B.1); C4, C8 and CC are others.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def image_kind(content: bytes) -> str | None:
    """Return "png" or "jpg" for the bytes of a whole image of that kind, None for anything else."""
    if content.startswith(_PNG):
        return "png" if _is_png(content) else None
    if content.startswith(_JPEG):
        return "jpg" if _is_jpeg(content) else None
    return None


def may_be_drawn(content: bytes) -> bool:
    """Tell whether it is an image of a size that browsers draw without running out of memory."""
    kind = image_kind(content)
    if kind is None:
        return False
    width, height = _png_size(content) if kind == "png" else _jpeg_size(content)
    return 0 < width * height <= MOST_PIXELS


def _png_size(content: bytes) -> tuple[int, int]:
    """Return width and height of IHDR (PNG, third edition, 11.2.1)."""
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Return width and height of the first frame (ITU-T T.81, B.2.2)."""
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xFF or marker in _ALONE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height, width = (
                content[position + 5 : position + 7],
                content[position + 7 : position + 9],
            )
            return int.from_bytes(width, "big"), int.from_bytes(height, "big")
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return 0, 0


def _is_png(content: bytes) -> bool:
    """Check that chunks follow one another from IHDR to IEND (PNG, third edition, 5.2 to 5.6)."""
    kinds = list(_png_chunks(content))
    return kinds[:1] == [b"IHDR"] and b"IDAT" in kinds and kinds[-1:] == [b"IEND"]


def _png_chunks(content: bytes) -> Iterator[bytes]:
    position = len(_PNG)
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        end = position + 12 + length
        named = content[position + 4 : end - 4]
        if end > len(content) or zlib.crc32(named).to_bytes(4, "big") != content[end - 4 : end]:
            return
        yield named[:4]
        if named[:4] == b"IEND":
            return
        position = end


def _is_jpeg(content: bytes) -> bool:
    """Check for a frame, then a scan, then the end of the image (ITU-T T.81, B.1.1)."""
    position, framed = 2, False
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if marker == 0xFF or marker in _ALONE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker == _SCAN:
            return framed and bytes([0xFF, _END]) in content[position:]
        framed = framed or marker in _FRAMES
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return False
