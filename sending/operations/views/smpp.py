"""Clients over SMPP: which are bound, and how operators end their binds."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import shared_time
from accounts.requests import PersonRequest, whole_number
from sending.models import SmppAccount
from sending.operations.access import operators_only
from sending.operations.queries import smpp as queries
from sending.operations.smpp_actions import end_binds


@require_GET
@operators_only
def smpp_binds(request: PersonRequest) -> HttpResponse:
    """List every live bind, by account."""
    context = {
        "page": queries.bound_page(whole_number(request.GET.get("after"))),
        "count": queries.bind_count(),
        "now": shared_time.now(),
    }
    return render(request, "sending/operations/smpp_binds.html", context)


@require_POST
@operators_only
def smpp_disconnect(request: PersonRequest, pk: int) -> HttpResponse:
    """End all binds of an account."""
    rows = SmppAccount.objects.select_related("organization", "application")
    account = get_object_or_404(rows, pk=pk)
    end_binds(account=account, operator=request.user)
    messages.success(
        request,
        _("The binds of %(name)s end within seconds. Its client may bind again.")
        % {"name": account.system_id},
    )
    return redirect("operations:smpp_binds")
