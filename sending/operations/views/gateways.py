"""Gateways at work, and the buttons that steer them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts import shared_time
from accounts.errors import Refusal
from accounts.models import Standing
from accounts.requests import PersonRequest
from sending.models import Gateway
from sending.operations import actions
from sending.operations.access import operators_only
from sending.operations.queries.changes import changes
from sending.operations.queries.gateways import overview
from sending.operations.queries.hosts import hosts

# What each mode means for what already waits, said after the button was pressed.
_EFFECTS = {
    Gateway.Mode.ACTIVE: gettext_lazy(
        "%(name)s is active: it takes new messages and sends those waiting."
    ),
    Gateway.Mode.DRAINING: gettext_lazy(
        "%(name)s is draining: it sends the messages waiting for it. New tasks take other routes."
    ),
    Gateway.Mode.STOPPED: gettext_lazy(
        "%(name)s is stopped: what waits for it takes the next gateway of its route. What has "
        "no other stays in the queue until it is activated."
    ),
}


@require_GET
@operators_only
def gateways(request: PersonRequest) -> HttpResponse:
    """Show every gateway, the queue, what comes back and what goes wrong."""
    now = shared_time.now()
    context = {
        "view": overview(now),
        "changes": changes(now),
        "now": now,
        "hosts": hosts(now),
        "is_held": Standing.current().is_held,
    }
    return render(request, "sending/operations/gateways.html", context)


@require_POST
@operators_only
def gateway_mode(request: PersonRequest, pk: int) -> HttpResponse:
    """Activate, drain or stop a gateway."""
    wanted = request.POST.get("mode", "")
    if wanted not in Gateway.Mode.values:
        messages.error(request, _("Choose what to do with the gateway, then press its button."))
        return redirect("operations:gateways")
    mode = Gateway.Mode(wanted)
    try:
        gateway = actions.set_mode(actor=request.user, gateway_id=pk, mode=mode)
    except Refusal as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(_EFFECTS[mode]) % {"name": gateway.name})
    return redirect("operations:gateways")


@require_POST
@operators_only
def gateway_probe(request: PersonRequest, pk: int) -> HttpResponse:
    """Try a gateway whose circuit is open, now instead of in a while."""
    try:
        gateway = actions.probe(actor=request.user, gateway_id=pk)
    except Refusal as error:
        messages.error(request, str(error))
    else:
        done = _("%(name)s will be tried with the next message as soon as it is connected.")
        messages.success(request, done % {"name": gateway.name})
    return redirect("operations:gateways")


@require_POST
@operators_only
def gateway_try(request: PersonRequest, pk: int) -> HttpResponse:
    """Have a gateway tried: connect, bind, unbind; the page shows what came of it."""
    try:
        gateway = actions.test_connection(actor=request.user, gateway_id=pk)
    except Refusal as error:
        messages.error(request, str(error))
    else:
        done = _("Testing the connection of %(name)s. The result appears here in a few seconds.")
        messages.success(request, done % {"name": gateway.name})
    return redirect("operations:gateways")
