"""Images are drawn anew from their pixels, and none that is too large is unpacked."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from templates_app import evidence, redrawing
from templates_app.redrawing import LARGEST_SIDE, redrawn
from templates_app.tests.factories import PNG


def image(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **saved: object) -> bytes:
    octets = BytesIO()
    Image.new(mode, size, 128 if mode in {"L", "P"} else "red").save(octets, kind, **saved)
    return octets.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (image("PNG"), "png"),
        (image("PNG", mode="P"), "png"),
        (image("PNG", mode="L"), "png"),
        (image("JPEG"), "jpg"),
        (image("JPEG", mode="CMYK"), "jpg"),
        (PNG, "png"),
    ],
)
def test_an_image_comes_back_as_one_of_its_kind(content: bytes, kind: str) -> None:
    drawn = redrawn(content)
    assert drawn is not None
    assert evidence.image_kind(drawn) == kind


def test_only_pixels_come_back() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"  # ImageDescription
    exif[0x0112] = 6  # Orientation: turned by 90 degrees
    words = PngInfo()
    words.add_text("Comment", "taken at home")
    photo = image("JPEG", exif=exif) + b"<script>taken at home</script>"
    drawing = image("PNG", pnginfo=words, exif=exif, icc_profile=b"taken at home" * 20)
    for content in (photo, drawing):
        drawn = redrawn(content)
        assert drawn is not None
        assert b"taken at home" not in drawn
        with Image.open(BytesIO(drawn)) as shown:
            assert shown.size == (20, 40)
            assert not shown.getexif()
            assert "icc_profile" not in shown.info


def test_a_large_image_becomes_smaller() -> None:
    drawn = redrawn(image("JPEG", (5_000, 2_500)))
    assert drawn is not None
    with Image.open(BytesIO(drawn)) as shown:
        assert max(shown.size) <= LARGEST_SIDE


def test_no_pixel_of_one_that_is_too_large_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redrawing, "_draw", lambda content: pytest.fail("it was unpacked"))
    monkeypatch.setattr(evidence, "MOST_PIXELS", 10_000)
    assert redrawn(image("PNG", (200, 100))) is None


def test_a_header_that_says_less_than_the_image_holds_is_no_way_in() -> None:
    large = image("JPEG", (3_000, 3_000))
    at = large.index(b"\xff\xc0")
    lied = large[: at + 5] + b"\x00\x01\x00\x01" + large[at + 9 :]
    drawn = redrawn(lied)
    if drawn is not None:
        with Image.open(BytesIO(drawn)) as shown:
            assert shown.size == (1, 1)


@given(st.data(), st.sampled_from([image("PNG"), image("JPEG")]))
def test_a_damaged_image_is_drawn_or_refused(data: st.DataObject, content: bytes) -> None:
    damaged = bytearray(content)
    for _time in range(3):
        damaged[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    redrawn(bytes(damaged))


def test_what_is_no_image_is_refused() -> None:
    assert redrawn(b"<svg onload=alert(1)>") is None
