"""Catches what a logger writes that does not hand its lines on."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self


class Lines(logging.Handler):
    """The lines of a logger while it is watched."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.raw.append(record.getMessage())

    def parsed(self) -> list[dict[str, Any]]:
        """Return the lines as the objects they are."""
        return [json.loads(line) for line in self.raw]

    @classmethod
    @contextmanager
    def of(cls, name: str) -> Iterator[Self]:
        """Watch the logger `name`."""
        handler, logger = cls(), logging.getLogger(name)
        logger.addHandler(handler)
        try:
            yield handler
        finally:
            logger.removeHandler(handler)
