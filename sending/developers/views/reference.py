"""What the API can do: actions and fields, and every code it answers."""

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.developers.endpoint import endpoint_of
from sending.developers.reference import action_tables, code_rows, common_codes
from sending.dialects.tencent.actions import VERSION
from sending.dialects.tencent.openapi import document

_LONGEST_SEARCH = 80


@needs("view")
@require_GET
def reference(request: MemberRequest) -> HttpResponse:
    """List every action with its parameters, its answer and its codes."""
    context = {
        "version": VERSION,
        "tables": action_tables(),
        "common_codes": common_codes(),
    }
    return render(request, "sending/developers/reference.html", context)


@needs("view")
@require_GET
def openapi(request: MemberRequest) -> HttpResponse:
    """Download the OpenAPI document, with the endpoint of this console."""
    endpoint = endpoint_of(request)
    servers = [{"url": f"{endpoint.scheme}://{endpoint.host}"}]
    text = json.dumps({**document(), "servers": servers}, indent=2, ensure_ascii=False)
    response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="openapi.json"'
    return response


@needs("view")
@require_GET
def codes(request: MemberRequest) -> HttpResponse:
    """List every code with cause and remedy, or those in which some words stand."""
    looked_for = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    context = {"rows": code_rows(looked_for), "looked_for": looked_for}
    return render(request, "sending/developers/codes.html", context)
