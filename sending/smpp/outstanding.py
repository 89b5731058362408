"""Requests on their way: waiting for a place in the window, or written and not yet answered."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sending.smpp.commands import CommandId
from sending.smpp.errors import RequestError, RequestUnanswered
from sending.smpp.pdu import Pdu

SEQUENCE_MAX = 0x7FFFFFFF


@dataclass(slots=True)
class PendingRequest:
    """A request that has no place in the window yet."""

    command_id: CommandId
    octets: bytes
    before_write: Callable[[], None] | None
    answer: Future[Pdu]


@dataclass(slots=True)
class Written:
    """A request the peer owes an answer to."""

    command_id: CommandId
    answer: Future[Pdu]
    written_at: float
    windowed: bool


class Outstanding:
    """Written requests by sequence_number, oldest first, and how many of them fill the window."""

    def __init__(self, first_sequence: int = 1) -> None:
        self._by_sequence: dict[int, Written] = {}
        self._next = first_sequence
        self.windowed = 0

    def __len__(self) -> int:
        return len(self._by_sequence)

    def add(self, written: Written) -> int:
        """Give it the next free sequence_number; they wrap at 0x7FFFFFFF (clause 5.1.4)."""
        while self._next in self._by_sequence:
            self._step()
        sequence = self._next
        self._step()
        self._by_sequence[sequence] = written
        self.windowed += written.windowed
        return sequence

    def _step(self) -> None:
        self._next = 1 if self._next >= SEQUENCE_MAX else self._next + 1

    def get(self, sequence: int) -> Written | None:
        """The request with this number that is still unanswered."""
        return self._by_sequence.get(sequence)

    def take(self, sequence: int) -> Written | None:
        """The same, and forget it: its place in the window is free again."""
        written = self._by_sequence.pop(sequence, None)
        if written is not None:
            self.windowed -= written.windowed
        return written

    def overdue(self, written_before: float) -> Iterator[Written]:
        """Take all requests written before that moment."""
        while self._by_sequence:
            sequence, written = next(iter(self._by_sequence.items()))
            if written.written_at > written_before:
                return
            self.take(sequence)
            yield written

    def answers(self) -> list[Future[Pdu]]:
        """What is still awaited."""
        return [written.answer for written in self._by_sequence.values()]

    def give_up(self, code: str) -> None:
        """No answer will come any more: all of them are in doubt."""
        for sequence in list(self._by_sequence):
            written = self.take(sequence)
            if written is not None:
                fail(written.answer, RequestUnanswered(code))


def fail(answer: Future[Pdu], error: RequestError) -> None:
    """Set the error unless the caller has gone away."""
    if not answer.done():
        answer.set_exception(error)
