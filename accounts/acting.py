"""Which API key acts, while a program and no person does something."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_key: ContextVar[int | None] = ContextVar("acting_key", default=None)


@contextmanager
def acting_by_key(api_key_id: int) -> Iterator[None]:
    """Let entries of the audit trail name an API key, and no person, as who did it."""
    token = _key.set(api_key_id)
    try:
        yield
    finally:
        _key.reset(token)


def acting_key() -> int | None:
    """Return the id of the API key that acts; None while people do."""
    return _key.get()
