"""Whom people let pass, and what they stop by hand."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import shared_time
from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.guard import permitting
from sending.guard.rules.names import AllowKind
from sending.guard_pages import queries
from sending.guard_pages.forms.exceptions import ExceptionForm, StopForm
from sending.guard_pages.words import ALLOW_LABELS
from sending.models import GuardAllow


@needs("manage")
def exceptions(request: MemberRequest) -> HttpResponse:
    """List the exceptions in force, and make one."""
    form = ExceptionForm(
        request.POST or None, organization=request.organization, initial=_named(request)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        allowed = permitting.allow(
            request.organization,
            AllowKind(given["kind"]),
            given["value"],
            reason=given["reason"],
            until=form.until(shared_time.now()),
            actor=request.user,
        )
        messages.success(request, _("The guard lets %(what)s pass.") % {"what": allowed.shown})
        return redirect("guard:exceptions")
    rows = [
        (one, ALLOW_LABELS[AllowKind(one.kind)]) for one in queries.allows(request.organization)
    ]
    return render(request, "sending/guard/exceptions.html", {"form": form, "rows": rows})


def _named(request: MemberRequest) -> dict[str, str]:
    """Return what a link to this page fills in."""
    return {name: request.GET[name][:64] for name in ("kind", "value") if name in request.GET}


@require_POST
@needs("manage")
def exception_end(request: MemberRequest, pk: int) -> HttpResponse:
    """Let something pass no more."""
    own = GuardAllow.objects.for_organization(request.organization)
    allowed = get_object_or_404(own.select_related("organization"), pk=pk)
    permitting.end_allow(allowed, actor=request.user)
    messages.success(request, _("The exception for %(what)s has ended.") % {"what": allowed.shown})
    return redirect("guard:exceptions")


@needs("manage")
def stop(request: MemberRequest) -> HttpResponse:
    """Stop a country or a block of numbers for some days."""
    initial = {"what": request.GET.get("what", "")[:20]}
    form = StopForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        block = permitting.stop(
            request.organization,
            given["dimension"],
            given["bucket"],
            action=given["action"],
            reason=given["reason"],
            until=shared_time.now() + timedelta(days=given["days"]),
            actor=request.user,
        )
        messages.success(request, _("%(what)s is stopped.") % {"what": block.shown})
        return redirect("guard:guard")
    return render(request, "sending/guard/stop.html", {"form": form})
