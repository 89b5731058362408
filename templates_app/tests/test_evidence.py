"""Images known by their content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates_app.evidence import image_kind
from templates_app.tests.factories import PNG

# A JPEG down to its markers: APP0, a quantization table, a frame, a scan, the end.
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300"
    + "01" * 64
    + "ffc0000b080001000101011100ffda0008010100003f0000ffd9"
)


@pytest.mark.parametrize(("content", "kind"), [(PNG, "png"), (JPEG, "jpg")])
def test_images_are_known(content: bytes, kind: str) -> None:
    assert image_kind(content) == kind


@pytest.mark.parametrize("content", [PNG, JPEG])
def test_an_image_that_was_cut_off_is_none(content: bytes) -> None:
    known = {image_kind(content[:end]) for end in range(len(content) - 1)}
    assert known == {None}


def test_a_png_with_a_damaged_chunk_is_none() -> None:
    damaged = bytearray(PNG)
    damaged[20] ^= 1
    assert image_kind(bytes(damaged)) is None


@given(st.binary(max_size=200), st.sampled_from([b"", PNG[:8], JPEG[:3], PNG[:33], JPEG[:20]]))
def test_any_bytes_are_judged_without_an_error(content: bytes, start: bytes) -> None:
    assert image_kind(start + content) in {None, "png", "jpg"}
