"""One request cannot fill the disk, and the sentence about its size is still true."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from smsconsole.uploads import BoundedFileUploadHandler


@pytest.mark.parametrize(("size", "is_whole"), [(150_000, True), (400_000, False)])
def test_what_is_too_large_is_counted_and_not_stored(
    settings: LazySettings, size: int, is_whole: bool
) -> None:
    settings.UPLOAD_MAX_BYTES = 200_000
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.csv", bytes(size))})
    request.upload_handlers = [BoundedFileUploadHandler(request)]

    file = request.FILES["file"]

    assert file.size == size
    stored = Path(file.temporary_file_path()).stat().st_size
    assert stored <= settings.UPLOAD_MAX_BYTES
    assert (stored == size) == is_whole
    file.close()


def test_an_upload_is_for_the_consoles_own_user_alone(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    name = default_storage.save("recipients/2026/11/a.csv", ContentFile(b"+447400123456"))
    stored = Path(default_storage.path(name))
    others = {
        path.name: path.stat().st_mode & 0o077
        for path in (stored, *stored.parents[:4])
        if path.is_relative_to(tmp_path / "uploads")
    }
    assert others == {"a.csv": 0, "11": 0, "2026": 0, "recipients": 0, "uploads": 0}
