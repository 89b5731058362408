"""Draws an uploaded image anew: what reviewers see is made of its pixels alone.

Metadata, places where a photo was taken, and whatever else a file holds do not reach a browser.
"""

import struct
import threading
from io import BytesIO

from PIL import Image, ImageOps

from templates_app.evidence import MOST_PIXELS, may_be_drawn

LARGEST_SIDE = 2_400
"""Pixels; a certificate can be read at that size."""
_QUALITY = 85
_BROKEN = (
    Image.DecompressionBombError,
    EOFError,
    IndexError,
    OSError,
    SyntaxError,
    ValueError,
    struct.error,
)
# Of a large image each pixel takes four octets while it is drawn: one at a time in a process.
_one_at_a_time = threading.Lock()


def redrawn(content: bytes) -> bytes | None:
    """Return a PNG or JPEG as a new one of the same kind; None where it is none, or too large.

    Pixels are counted before any is unpacked: at most MOST_PIXELS.
    """
    if not may_be_drawn(content):
        return None
    with _one_at_a_time:
        try:
            return _draw(content)
        except _BROKEN:
            return None


def _draw(content: bytes) -> bytes | None:
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as given:
        if given.width * given.height > MOST_PIXELS:
            return None
        is_photo = given.format != "PNG"
        # A JPEG is unpacked at half or a quarter of its size where that is enough.
        given.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
        turned = ImageOps.exif_transpose(given)
        turned.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        bare = turned.convert("RGB" if is_photo else "RGBA")
    # Only pixels go on: what came with the file stays behind.
    clean = Image.new(bare.mode, bare.size)
    clean.paste(bare)
    drawn = BytesIO()
    if is_photo:
        clean.save(drawn, "JPEG", quality=_QUALITY)
    else:
        clean.save(drawn, "PNG")
    return drawn.getvalue()
