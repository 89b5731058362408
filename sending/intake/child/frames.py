"""The pipe between the child and its parent: small headers, payloads that cost nothing to read."""

import json
import marshal
import os
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, BinaryIO, NamedTuple

_HEADER = struct.Struct("<BI")
# A frame is a block of rows; more than this is no frame of ours.
_LARGEST = 256 * 1024 * 1024


class FrameKind(IntEnum):
    """What a frame holds: HEAD, REFUSED and END are JSON, ROWS and PROBLEMS are marshalled."""

    HEAD = 1
    ROWS = 2
    PROBLEMS = 3
    REFUSED = 4
    END = 5


class Rows(NamedTuple):
    """A block of rows ready to store, in the order of their ids.

    `payload` is bytes for COPY or a list of tuples, `stored` how many rows it holds. `batches` are
    (gateway id, message ids) to cut into batches. `read` counts all rows read so far.
    """

    stored: int
    read: int
    payload: Any
    batches: list[tuple[int, list[int]]]


class BrokenFrame(ValueError):
    """The stream ended inside a frame, or is no stream of frames."""


def write_json(out: BinaryIO, kind: FrameKind, content: dict[str, Any]) -> None:
    """Write a HEAD, REFUSED or END frame."""
    _write(out, kind, json.dumps(content).encode())


def write_marshalled(out: BinaryIO, kind: FrameKind, content: Any) -> None:
    """Write a ROWS or PROBLEMS frame; marshal reads a million tuples in less than a second."""
    _write(out, kind, marshal.dumps(content))


def _write(out: BinaryIO, kind: FrameKind, payload: bytes) -> None:
    out.write(_HEADER.pack(kind, len(payload)))
    out.write(payload)
    out.flush()


def decode(kind: FrameKind, payload: bytes) -> Any:
    """Return what a frame holds. Only for frames of our own child: marshal trusts its input."""
    if kind in {FrameKind.ROWS, FrameKind.PROBLEMS}:
        return marshal.loads(payload)  # noqa: S302 - our own child wrote it
    return json.loads(payload)


class FrameReader:
    """Cuts what arrives on a file descriptor into frames."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._pending = bytearray()
        self.at_end = False

    def read(self) -> Iterator[tuple[FrameKind, Any]]:
        """Read once, and yield the frames that are complete now."""
        data = os.read(self._descriptor, 1 << 20)
        if not data:
            self.at_end = True
            if self._pending:
                raise BrokenFrame("the stream ended inside a frame")
            return
        self._pending += data
        while (frame := self._take()) is not None:
            yield frame

    def _take(self) -> tuple[FrameKind, Any] | None:
        if len(self._pending) < _HEADER.size:
            return None
        number, size = _HEADER.unpack_from(self._pending)
        if size > _LARGEST:
            raise BrokenFrame("no frame is that long")
        end = _HEADER.size + size
        if len(self._pending) < end:
            return None
        payload = bytes(self._pending[_HEADER.size : end])
        del self._pending[:end]
        return FrameKind(number), decode(FrameKind(number), payload)
