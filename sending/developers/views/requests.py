"""The request log: the list with its filters, and one request."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.limits import SEARCHES, limited
from accounts.requests import MemberRequest, whole_number
from sending.developers.forms.filters import RequestForm
from sending.developers.queries import requests as queries
from sending.developers.queries.messages import (
    ProgramMessageFilter,
    applications_of,
    message_page,
)
from sending.developers.reference import meaning_of
from sending.dialects.tencent.actions import ACTIONS
from sending.dialects.tencent.error_codes import ERROR_CODES
from sending.models import ApiRequest

_FILTERS = ("action", "code", "application", "request_id")


@needs("view")
@require_GET
@limited(SEARCHES)
def requests(request: MemberRequest) -> HttpResponse:
    """Show what programs asked for, the newest first."""
    applications = applications_of(request.organization)
    form = RequestForm(
        request.GET, applications=applications.values(), actions=ACTIONS, codes=ERROR_CODES
    )
    wanted = form.asked()
    before = whole_number(request.GET.get("after"))
    asked = {name: request.GET.get(name, "")[:80] for name in _FILTERS}
    context = {
        "form": form,
        "page": queries.request_page(request.organization, wanted, before),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "after": before,
        "applications": applications,
        "kept_days": settings.KEEP_API_REQUESTS_DAYS,
    }
    return render(request, "sending/developers/requests.html", context)


@needs("view")
@require_GET
def request_(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one request: what was asked, what it was answered, and its messages."""
    own = ApiRequest.objects.for_organization(request.organization)
    logged = get_object_or_404(own, pk=pk)
    wanted = ProgramMessageFilter(request_id=logged.request_id)
    applications = applications_of(request.organization)
    context: dict[str, Any] = {
        "logged": logged,
        "application": applications.get(logged.application_id),
        "applications": applications,
        # It is no number, although it looks like one to whoever masks.
        "own_ids": {one.sdk_app_id for one in applications.values()},
        "key": queries.key_names(request.organization).get(logged.api_key_id),
        "meaning": meaning_of(logged.code),
        "summary": list(_said(logged.summary)),
        "page": message_page(request.organization, wanted, None),
        "kept_days": settings.KEEP_API_REQUESTS_DAYS,
    }
    return render(request, "sending/developers/request.html", context)


def _said(summary: Any) -> Iterator[tuple[str, str]]:
    """Yield each part of a summary and its value as people read it."""
    if isinstance(summary, dict):
        for name, value in summary.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield str(name), text
