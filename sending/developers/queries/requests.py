"""The request log: which program asked for what, and what it was answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import ApiKey, Organization
from accounts.paging import Page
from sending.models import ApiRequest

REQUESTS_A_PAGE = 50
# What one page looks through; no index could serve every filter.
LOOKED_THROUGH = 10_000
OK, REFUSED = "OK", "REFUSED"
"""Of all codes: none, or any."""


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a reader asks for; empty means any. `code` may be OK, REFUSED or the code itself."""

    action: str = ""
    code: str = ""
    application: int | None = None
    request_id: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether every request matches."""
        return self == RequestFilter()


def request_page(
    organization: Organization, wanted: RequestFilter, before: int | None
) -> Page[ApiRequest]:
    """Return requests older than the cursor `before`, the newest first.

    A page may hold fewer requests than fit on it, even none, and still have a next one.
    """
    own = ApiRequest.objects.for_organization(organization).order_by("-pk")
    if wanted.request_id:
        # Index api_request_id: one row, or very few.
        return Page(list(own.filter(request_id=wanted.request_id)[:REQUESTS_A_PAGE]))
    if before:
        own = own.filter(pk__lt=before)
    last = None
    if not wanted.is_empty:
        edge = own.values_list("pk", flat=True)[LOOKED_THROUGH - 1 : LOOKED_THROUGH]
        last = next(iter(edge), None)
        if last is not None:
            own = own.filter(pk__gte=last)
    rows = list(_matching(own, wanted)[: REQUESTS_A_PAGE + 1])
    if len(rows) > REQUESTS_A_PAGE:
        return Page(rows[:REQUESTS_A_PAGE], str(rows[REQUESTS_A_PAGE - 1].pk))
    return Page(rows, str(last) if last is not None else "")


def _matching(rows: QuerySet[ApiRequest], wanted: RequestFilter) -> QuerySet[ApiRequest]:
    conditions: dict[str, Any] = {}
    if wanted.action:
        conditions["action"] = wanted.action
    if wanted.application:
        conditions["application_id"] = wanted.application
    if wanted.code == REFUSED:
        return rows.filter(**conditions).exclude(code="")
    if wanted.code:
        conditions["code"] = "" if wanted.code == OK else wanted.code
    return rows.filter(**conditions)


def request_named(organization: Organization, request_id: str) -> ApiRequest | None:
    """Return the request with such a RequestId, if it is still kept."""
    own = ApiRequest.objects.for_organization(organization).filter(request_id=request_id)
    return own.order_by("pk").first()


def key_names(organization: Organization) -> Mapping[int, ApiKey]:
    """Return the keys of an organization by id."""
    return {key.pk: key for key in ApiKey.objects.for_organization(organization)}
