"""Requests of one moment share a transaction: whoever comes first runs it for all that wait."""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
MOST_TOGETHER = 50


@dataclass(slots=True, eq=False)
class _InLine(Generic[T, R]):
    """A request in the line; `told` is set when it is its turn to act, or when it is over."""

    item: T
    told: threading.Event = field(default_factory=threading.Event)
    is_over: bool = False
    result: R | None = None
    error: BaseException | None = None

    def answer(self) -> R:
        if self.error is not None:
            raise self.error
        return self.result  # type: ignore[return-value]


class Together(Generic[T, R]):
    """Lets one thread act for all that came while the one before it acted, in their order.

    There is one line for each key. A thread acts for others once and goes: it is never kept by
    those who come later. `act` gets what was asked and returns a result for each; what it raises
    is raised to all of them.
    """

    def __init__(self, act: Callable[[Sequence[T]], Sequence[R]]) -> None:
        self._act = act
        self._lock = threading.Lock()
        # A line is there as long as somebody in it acts.
        self._lines: dict[Hashable, deque[_InLine[T, R]]] = {}

    def do(self, key: Hashable, item: T) -> R:
        """Return the result of an item."""
        place: _InLine[T, R] = _InLine(item)
        with self._lock:
            line = self._lines.get(key)
            is_first = line is None
            if line is None:
                line = self._lines[key] = deque()
            line.append(place)
        if not is_first:
            place.told.wait()
        if not place.is_over:
            self._act_for_all(key, line)
        return place.answer()

    def _act_for_all(self, key: Hashable, line: deque[_InLine[T, R]]) -> None:
        with self._lock:
            places = [line.popleft() for _in_line in range(min(len(line), MOST_TOGETHER))]
        try:
            results = self._act([place.item for place in places])
            for place, result in zip(places, results, strict=True):
                place.result = result
        except BaseException as error:  # noqa: BLE001 - `answer` raises it, in each thread.
            for place in places:
                place.error = error
        finally:
            self._go_on(key, line)
            for place in places:
                place.is_over = True
                place.told.set()

    def _go_on(self, key: Hashable, line: deque[_InLine[T, R]]) -> None:
        """Give the turn to the next one, or close the line."""
        with self._lock:
            if line:
                line[0].told.set()
            else:
                del self._lines[key]
