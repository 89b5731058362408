"""Bodies that are compressed (RFC 9110 clause 8.4.1), within a bound."""

from __future__ import annotations

import zlib

# gzip, zlib and, as some servers call it wrongly, a bare deflate stream.
_WINDOW_BITS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}


class BodyTooLong(ValueError):
    """A body would be longer than its bound."""


def inflated(octets: bytes, encoding: str, most: int) -> bytes:
    """Return a body without its compression, as it came where `encoding` names none we know.

    Raises BodyTooLong beyond `most` bytes; what is broken or cut off stays as it came.
    """
    for window_bits in _WINDOW_BITS.get(encoding.strip().lower(), ()):
        stream = zlib.decompressobj(window_bits)
        try:
            plain = stream.decompress(octets, most + 1)
        except zlib.error:
            continue
        if len(plain) > most:
            raise BodyTooLong
        if stream.eof:
            return plain
    return octets
