"""An answer in JSON to a program, and what is done once it is out."""

import logging
from collections.abc import Callable, Sequence

from django.http import HttpResponse

log = logging.getLogger(__name__)


class JsonAnswer(HttpResponse):
    """An answer, and what is done once it was handed to the web server."""

    def __init__(
        self, content: bytes, afterwards: Sequence[Callable[[], None]] = (), status: int = 200
    ) -> None:
        # SDKs look for errors only in answers of exactly this type.
        super().__init__(content, content_type="application/json", status=status)
        self.headers["Cache-Control"] = "no-store"
        # Nothing else sets it here; without, each answer would be sent in chunks.
        self.headers["Content-Length"] = str(len(content))
        self._afterwards = afterwards

    def close(self) -> None:
        """Do what must follow, then end the request; the answer is out already."""
        self.follow_up()
        super().close()

    def follow_up(self) -> None:
        """Do what must follow, once; the request that asked for it may go on."""
        for act in self._afterwards:
            try:
                act()
            except Exception:
                log.exception("something after an answer failed")
        self._afterwards = ()
