"""Answers as the SDKs read them: errors, and pages of lists in both forms."""

import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from sending.api.twilio.call import Body, TwilioCall
from sending.api.twilio.pages import PageAsked, RowsOfPage
from sending.dialects.twilio.error import TwilioError

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
        "next_page_uri": _beside(uri, asked.number + 1, asked.next_token(page)),
        "previous_page_uri": _beside(uri, asked.number - 1, asked.previous_token(page)),
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
            "next_page_url": _beside(url, asked.number + 1, asked.next_token(page)),
            "previous_page_url": _beside(url, asked.number - 1, asked.previous_token(page)),
        },
    }


def _beside(address: Callable[[int, str], str], number: int, token: str) -> str | None:
    return address(max(0, number), token) if token else None


def _query(call: TwilioCall, asked: PageAsked, number: int, token: str) -> str:
    filters = [(name, value) for name, value in call.query if name not in _OF_PAGES]
    page = [("PageSize", str(asked.size)), ("Page", str(number))]
    return urlencode([*filters, *page, *([("PageToken", token)] if token else [])])
