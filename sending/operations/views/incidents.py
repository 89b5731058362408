"""Incidents: the list, a new one, and how each goes on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import Refusal
from accounts.paging import page_of
from accounts.requests import PersonRequest, whole_number
from sending.models import Incident, IncidentState
from sending.operations import incident_actions
from sending.operations.access import operators_only
from sending.operations.forms.incidents import IncidentForm, IncidentUpdateForm

_A_PAGE = 50


@require_GET
@operators_only
def incidents(request: PersonRequest) -> HttpResponse:
    """List incidents, the newest first."""
    rows = Incident.objects.order_by("-pk").prefetch_related("gateways")
    if after := whole_number(request.GET.get("after")):
        rows = rows.filter(pk__lt=after)
    page = page_of(rows, _A_PAGE, lambda incident: incident.pk)
    return render(request, "sending/operations/incidents.html", {"page": page})


@require_http_methods(["GET", "POST"])
@operators_only
def incident_create(request: PersonRequest) -> HttpResponse:
    """Post a new incident: organizations see it at once."""
    form = IncidentForm(request.POST or None)
    if not form.is_valid():
        return render(request, "sending/operations/incident_create.html", {"form": form})
    data = form.cleaned_data
    incident = incident_actions.open_incident(
        actor=request.user,
        title=data["title"],
        body=data["body"],
        state=IncidentState(data["state"]),
        gateways=data["gateways"],
        started_at=data["started_at"],
    )
    messages.success(request, _("Posted. Organizations see it on their overview."))
    return redirect("operations:incident", pk=incident.pk)


@require_http_methods(["GET", "POST"])
@operators_only
def incident(request: PersonRequest, pk: int) -> HttpResponse:
    """Show an incident as organizations see it, and say how it goes on."""
    found = get_object_or_404(Incident.objects.prefetch_related("gateways", "updates"), pk=pk)
    form = IncidentUpdateForm(request.POST or None, incident=found)
    if form.is_valid():
        state = IncidentState(form.cleaned_data["state"])
        try:
            incident_actions.update_incident(
                actor=request.user, incident=found, state=state, body=form.cleaned_data["body"]
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Posted. Organizations see it."))
        return redirect(request.path)
    context = {"incident": found, "form": form, "names_gateways": True}
    return render(request, "sending/operations/incident.html", context)
