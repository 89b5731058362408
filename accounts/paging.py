"""Keyset paging: a page knows where the next one begins, and nobody counts rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a list; `next` is the cursor of the rows after them, empty on the last page."""

    rows: Sequence[Row]
    next: str = ""


def page_of(query: "QuerySet[Any]", size: int, cursor_of: Callable[[Any], object]) -> Page[Any]:
    """Return the first `size` rows of an ordered query that already begins after the cursor."""
    rows = list(query[: size + 1])
    more = len(rows) > size
    return Page(rows[:size], str(cursor_of(rows[size - 1])) if more else "")
