"""Answers as the SDKs read them: errors, and pages of lists in both forms."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.sids import id_in, sid_of
from sending.api.twilio.call import Body, TwilioCall
from sending.api.twilio.fields import Fields
from sending.dialects.twilio.error import TwilioError

MOST_A_PAGE = 1_000
_USUAL = 50
_MOST_PAGES = 10**8
_TOKEN = "PA"  # noqa: S105 - how tokens of pages begin.
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
    """Which page of a list is asked for: `after` is the id of the last row before it."""

    letters: str
    number: int
    size: int
    after: int | None

    @classmethod
    def read(cls, query: Fields, letters: str) -> "PageAsked":
        """Return what a query asks for, in a list of rows with these letters; raise TwilioError."""
        size = query.whole("PageSize", _USUAL, 1, MOST_A_PAGE, 20007)
        number = query.whole("Page", 0, 0, _MOST_PAGES)
        token = query.get("PageToken")
        after = id_in(letters, token.removeprefix(_TOKEN)) if token else None
        if token and after is None:
            raise TwilioError(
                21481, _("PageToken is not one of this list. Begin with the first page.")
            )
        return cls(letters, number, size, after)

    def token(self, pk: int) -> str:
        """Return the token of the page that follows a row."""
        return _TOKEN + sid_of(self.letters, pk)


def page_of_2010(
    call: TwilioCall, asked: PageAsked, key: str, records: Sequence[Any], last: int | None
) -> Body:
    """Return a page of the API of 2010; `last` is the id of its last row if more follow."""

    def uri(number: int, token: str) -> str:
        return f"{call.address}?{_query(call, asked, number, token)}"

    return {
        key: list(records),
        "uri": uri(asked.number, call.query.get("PageToken")),
        "first_page_uri": uri(0, ""),
        "next_page_uri": uri(asked.number + 1, asked.token(last)) if last else None,
        # Tokens go forwards only.
        "previous_page_uri": None,
        "page": asked.number,
        "page_size": asked.size,
        "start": asked.number * asked.size,
        "end": asked.number * asked.size + max(0, len(records) - 1),
    }


def page_of_newer(
    call: TwilioCall, asked: PageAsked, key: str, records: Sequence[Any], last: int | None
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
            "next_page_url": url(asked.number + 1, asked.token(last)) if last else None,
            "previous_page_url": None,
        },
    }


def _query(call: TwilioCall, asked: PageAsked, number: int, token: str) -> str:
    filters = [(name, value) for name, value in call.query if name not in _OF_PAGES]
    page = [("PageSize", str(asked.size)), ("Page", str(number))]
    return urlencode([*filters, *page, *([("PageToken", token)] if token else [])])
