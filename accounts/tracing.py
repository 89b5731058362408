"""Spans of traces: nothing at all until somebody switches them on (smsconsole/watching/traces.py).

A span holds names, ids and figures, and never an argument, a text or what an exception says.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from types import TracebackType
from typing import Any, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Fact = str | int | float | bool | None


class Tracer(Protocol):
    """What switches traces on: begins and ends spans, and says what goes along."""

    def begin(self, name: str, facts: Mapping[str, Fact], carried: Mapping[str, str]) -> Any:
        """Begin a span below the one that runs, or below the one that `carried` names."""

    def note(self, begun: Any, facts: Mapping[str, Fact]) -> None:
        """Add facts to a span."""

    def end(self, begun: Any, error: str) -> None:
        """End a span; `error` is the type of what was raised, or empty."""

    def outgoing(self) -> dict[str, str]:
        """Return the headers by which another process goes on with this trace."""


_tracer: Tracer | None = None


def switch(tracer: Tracer | None) -> None:
    """Write spans from now on, or none."""
    global _tracer  # noqa: PLW0603 - one process has one.
    _tracer = tracer


def outgoing() -> dict[str, str]:
    """Return what a message to another process carries; empty while traces are off."""
    return _tracer.outgoing() if _tracer else {}


class span:  # noqa: N801 - it reads as a statement: `with span("claim"):`.
    """What is done within `with` is one span; off, it costs two looks at a name."""

    __slots__ = ("_begun", "_carried", "_facts", "_name")

    def __init__(
        self, name: str, *, carried: Mapping[str, str] | None = None, **facts: Fact
    ) -> None:
        self._name, self._carried, self._facts = name, carried, facts
        self._begun: Any = None

    def __enter__(self) -> "span":
        if _tracer:
            self._begun = _tracer.begin(self._name, self._facts, self._carried or {})
        return self

    def note(self, **facts: Fact) -> None:
        """Add what is known only now."""
        if _tracer and self._begun is not None:
            _tracer.note(self._begun, facts)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if _tracer and self._begun is not None:
            _tracer.end(self._begun, kind.__name__ if kind else "")


def traced(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make each call of a function a span."""

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            with span(name):
                return function(*args, **kwargs)

        return call

    return wrap
