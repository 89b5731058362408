"""All that the organization knows about one number: told, exported, erased."""

import json
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import needs
from accounts.limits import DOWNLOADS, SEARCHES, limited
from accounts.requests import MemberRequest
from sending.groups import actions, queries
from sending.number_form import NumberForm
from sending.retention.number_export import export


@require_http_methods(["GET", "POST"])
@needs("manage")
@limited(SEARCHES)
def number(request: MemberRequest) -> HttpResponse:
    """Ask for a number, and tell what is known about it before anybody erases it.

    Numbers come by POST only, so that none stands in the address of a page, nor in a log of them.
    """
    return _page(request, NumberForm(request.POST or None))


def _page(request: MemberRequest, form: NumberForm) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "erasures": queries.erasures_of(request.organization),
        "files": queries.stored_files(request.organization),
    }
    if form.is_valid():
        msisdn = form.cleaned_data["number"]
        context |= {"msisdn": msisdn, "known": queries.known_about(request.organization, msisdn)}
    return render(request, "sending/groups/number.html", context)


@require_POST
@needs("manage")
@limited(DOWNLOADS)
def number_export(request: MemberRequest) -> HttpResponse:
    """Download all that is known about a number as JSON."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    msisdn = form.cleaned_data["number"]
    actions.record_export(organization=request.organization, user=request.user, msisdn=msisdn)
    known = export(msisdn, request.organization)
    text = json.dumps(known, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="number.json"'
    return response


@require_POST
@needs("manage")
def number_erase(request: MemberRequest) -> HttpResponse:
    """Erase all that is known about a number; what waits to be sent to it is cancelled."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    msisdn = form.cleaned_data["number"]
    actions.erase_number(organization=request.organization, user=request.user, msisdn=msisdn)
    messages.success(request, _("The number is being erased. This page shows when it is done."))
    return redirect("groups:number")
