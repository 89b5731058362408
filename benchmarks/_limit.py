"""A limit for a whole run: what is late says where it stands, is cleared up, and fails."""

import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_OURS = str(Path(__file__).parent)


class OutOfTime(BaseException):
    """Raised in the main thread wherever it is; what catches errors on the way lets it pass."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the block after so many seconds, unless `lift` was called; 0 is never."""
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        lift()
        signal.signal(signal.SIGALRM, before)


def lift() -> None:
    """Let what follows take its time: clearing up must not be cut short."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(number: int, frame: FrameType | None) -> None:
    del number
    ours = [step for step in traceback.extract_stack(frame) if step.filename.startswith(_OURS)]
    places = (f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in ours)
    raise OutOfTime(" > ".join(places))
