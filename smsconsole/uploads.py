"""Uploads on their way to the disk: what is larger than any form allows is counted, not stored."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """Stores at most UPLOAD_MAX_BYTES of a file; its `size` still says how much came.

    The form then refuses it with a sentence, and nobody can fill the disk with one request.
    """

    received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count again."""
        self.received = 0
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Store a piece while there is room."""
        self.received += len(raw_data)
        if self.received <= settings.UPLOAD_MAX_BYTES:
            super().receive_data_chunk(raw_data, start)
