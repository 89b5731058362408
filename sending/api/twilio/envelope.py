"""Answers as the SDKs read them: errors, and pages of lists in both forms."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.sids import id_in, sid_of
from sending.api.twilio.call import Body, TwilioCall
from sending.api.twilio.fields import Fields
from sending.dialects.twilio.error import TwilioError

MOST_A_PAGE = 1_000
_USUAL = 50
_MOST_PAGES = 10**8
# How tokens of pages begin; the name of a row follows.
_AFTER, _BEFORE = "PA", "PB"
_OF_PAGES = ("Page", "PageSize", "PageToken")


def encoded(body: Body) -> bytes:
    """Return the octets of an answer."""
    return json.dumps(body, separators=(",", ":")).encode()


def error(refusal: TwilioError) -> Body:
    """Return what a refused request is answered: never `type` or `title`, for older SDKs."""
    page = reverse("developers:twilio_errors")
    body: Body = {
        "code": refusal.code,
        "message": str(refusal),
        "more_info": f"{settings.PUBLIC_URL}{page}#code-{refusal.code}",
        "status": refusal.status,
    }
    # An object or nothing: one SDK reads it into a map.
    return body | ({"details": dict(refusal.details)} if refusal.details else {})


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page of a list is asked for: `after` or `before` is the id of a row beside it."""

    letters: str
    number: int
    size: int
    after: int | None = None
    before: int | None = None

    @classmethod
    def read(cls, query: Fields, letters: str) -> "PageAsked":
        """Return what a query asks for, in a list of rows with these letters; raise TwilioError."""
        size = query.whole("PageSize", _USUAL, 1, MOST_A_PAGE, 20007)
        number = query.whole("Page", 0, 0, _MOST_PAGES)
        token = query.get("PageToken")
        pk = id_in(letters, token[len(_AFTER) :])
        if token.startswith(_AFTER) and pk is not None:
            return cls(letters, number, size, after=pk)
        if token.startswith(_BEFORE) and pk is not None:
            return cls(letters, number, size, before=pk)
        if token:
            raise TwilioError(
                21481, _("PageToken is not one of this list. Begin with the first page.")
            )
        return cls(letters, number, size)

    def of(
        self, rows: QuerySet[Any], fields: Sequence[str] = ("pk",), *, newest_first: bool = False
    ) -> "RowsOfPage":
        """Return the page of these rows in the order of `fields`, of which the last is unique."""
        beside = self.after if self.before is None else self.before
        # Those before a row are read backwards, from that row on.
        is_back = self.before is not None
        is_down = newest_first != is_back
        if beside is not None:
            rows = rows.filter(_beyond(rows, fields, beside, "lt" if is_down else "gt"))
        found = list(
            rows.order_by(*(f"-{name}" if is_down else name for name in fields))[: self.size + 1]
        )
        shown, more = found[: self.size], len(found) > self.size
        if is_back:
            shown.reverse()
        if not shown:
            return RowsOfPage(shown)
        return RowsOfPage(
            shown,
            _AFTER + sid_of(self.letters, shown[-1].pk) if more or is_back else "",
            _BEFORE + sid_of(self.letters, shown[0].pk) if self.after or (is_back and more) else "",
        )


@dataclass(frozen=True, slots=True)
class RowsOfPage:
    """The rows of a page, and the tokens of the pages beside it; empty where there is none."""

    rows: Sequence[Any]
    following: str = ""
    preceding: str = ""


def _beyond(rows: QuerySet[Any], fields: Sequence[str], pk: int, sign: str) -> Q:
    """Return what finds the rows that follow one; nothing where that is gone and it matters."""
    *before, unique = fields
    beyond = Q(**{f"{unique}__{sign}": pk})
    if not before:
        return beyond
    # Any organization: where it lies in the order is all that is used, and nobody is shown it.
    row = rows.model._default_manager.filter(pk=pk).values(*before).first()
    if row is None:
        return Q(pk=None)
    for name in reversed(before):
        beyond = Q(**{f"{name}__{sign}": row[name]}) | (Q(**{name: row[name]}) & beyond)
    return beyond


def page_of_2010(
    call: TwilioCall, asked: PageAsked, key: str, records: Sequence[Any], page: RowsOfPage
) -> Body:
    """Return a page of the API of 2010: addresses without a host."""

    def uri(number: int, token: str) -> str:
        return f"{call.address}?{_query(call, asked, number, token)}"

    return {
        key: list(records),
        "uri": uri(asked.number, call.query.get("PageToken")),
        "first_page_uri": uri(0, ""),
        "next_page_uri": _beside(uri, asked.number + 1, page.following),
        "previous_page_uri": _beside(uri, asked.number - 1, page.preceding),
        "page": asked.number,
        "page_size": asked.size,
        "start": asked.number * asked.size,
        "end": asked.number * asked.size + max(0, len(records) - 1),
    }


def page_of_newer(
    call: TwilioCall, asked: PageAsked, key: str, records: Sequence[Any], page: RowsOfPage
) -> Body:
    """Return a page of the APIs v1 and v2: every key of `meta`, and whole addresses."""

    def url(number: int, token: str) -> str:
        return f"{call.origin}{call.address}?{_query(call, asked, number, token)}"

    return {
        key: list(records),
        "meta": {
            "key": key,
            "page": asked.number,
            "page_size": asked.size,
            "url": url(asked.number, call.query.get("PageToken")),
            "first_page_url": url(0, ""),
            "next_page_url": _beside(url, asked.number + 1, page.following),
            "previous_page_url": _beside(url, asked.number - 1, page.preceding),
        },
    }


def _beside(address: Callable[[int, str], str], number: int, token: str) -> str | None:
    return address(max(0, number), token) if token else None


def _query(call: TwilioCall, asked: PageAsked, number: int, token: str) -> str:
    filters = [(name, value) for name, value in call.query if name not in _OF_PAGES]
    page = [("PageSize", str(asked.size)), ("Page", str(number))]
    return urlencode([*filters, *page, *([("PageToken", token)] if token else [])])
