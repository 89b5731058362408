"""Pages of lists, by tokens that name the row beside them: what comes meanwhile moves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.sids import id_in, sid_of
from sending.api.twilio.fields import Fields
from sending.dialects.twilio.error import TwilioError

MOST_A_PAGE = 1_000
_USUAL = 50
_MOST_PAGES = 10**8
# How tokens of pages begin; the SID of a row follows.
_AFTER, _BEFORE = "PA", "PB"


@dataclass(frozen=True, slots=True)
class RowsOfPage:
    """The rows of a page, and whether there are pages beside it."""

    rows: Sequence[Any] = ()
    has_next: bool = False
    has_previous: bool = False


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page of a list is asked for: `after` or `before` is the id of a row beside it.

    `letters` are those with which the SIDs of the rows begin.
    """

    letters: str
    number: int
    size: int
    after: int | None = None
    before: int | None = None

    @classmethod
    def read(cls, query: Fields, letters: str) -> "PageAsked":
        """Return what a query asks for; raise TwilioError."""
        size = query.whole("PageSize", _USUAL, 1, MOST_A_PAGE, 20007)
        number = query.whole("Page", 0, 0, _MOST_PAGES)
        token = query.get("PageToken")
        if not token:
            return cls(letters, number, size)
        pk = id_in(letters, token[2:])
        if pk is not None and token.startswith(_AFTER):
            return cls(letters, number, size, after=pk)
        if pk is not None and token.startswith(_BEFORE):
            return cls(letters, number, size, before=pk)
        raise TwilioError(21481, _("PageToken is not one of this list. Begin with the first page."))

    def of(
        self, rows: QuerySet[Any], fields: Sequence[str] = ("pk",), *, newest_first: bool = False
    ) -> RowsOfPage:
        """Return the page of these rows in the order of `fields`, the last of which is the key."""
        # Those before a row are read backwards, from that row on.
        is_back = self.before is not None
        is_down = newest_first != is_back
        beside = self.before if is_back else self.after
        if beside is not None:
            rows = rows.filter(_beyond(rows, fields, beside, "lt" if is_down else "gt"))
        order = [f"-{name}" if is_down else name for name in fields]
        found = list(rows.order_by(*order)[: self.size + 1])
        shown, more = found[: self.size], len(found) > self.size
        if is_back:
            return RowsOfPage(shown[::-1], has_next=bool(shown), has_previous=more)
        return RowsOfPage(shown, has_next=more, has_previous=bool(shown) and beside is not None)

    def next_token(self, page: RowsOfPage) -> str:
        """Return the token of the page that follows; empty if there is none."""
        return _AFTER + sid_of(self.letters, page.rows[-1].pk) if page.has_next else ""

    def previous_token(self, page: RowsOfPage) -> str:
        """Return the token of the page before; empty if there is none."""
        return _BEFORE + sid_of(self.letters, page.rows[0].pk) if page.has_previous else ""


def _beyond(rows: QuerySet[Any], fields: Sequence[str], pk: int, sign: str) -> Q:
    """Return what finds the rows on one side of a row; none where that is gone and matters."""
    *before, key = fields
    beyond = Q(**{f"{key}__{sign}": pk})
    if not before:
        return beyond
    # Any organization: where it lies in the order is all that is used, and nobody is shown it.
    row = rows.model._default_manager.filter(pk=pk).values(*before).first()
    if row is None:
        return Q(pk=None)
    for name in reversed(before):
        beyond = Q(**{f"{name}__{sign}": row[name]}) | (Q(**{name: row[name]}) & beyond)
    return beyond
