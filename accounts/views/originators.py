"""Pages of originators: those of the organization, and which one an application shows where."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import (
    choose_originator,
    request_originator,
    unchoose_originator,
    withdraw_originator,
)
from accounts.countries import country_name
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.models import Originator
from accounts.originator_forms import CountryOriginatorForm, OriginatorForm
from accounts.queries import originator_page
from accounts.requests import MemberRequest, whole_number
from accounts.views.applications import application_or_404


@needs("view")
def originators(request: MemberRequest) -> HttpResponse:
    """List the originators of the organization, the newest first."""
    page = originator_page(request.organization, whole_number(request.GET.get("after")))
    return render(request, "accounts/originators.html", {"page": page})


@needs("manage")
def originator_request(request: MemberRequest) -> HttpResponse:
    """Ask for a name or a number."""
    form = OriginatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            originator = request_originator(
                organization=request.organization, actor=request.user, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(
                request,
                _("“%(address)s” was submitted. We will tell you and your contacts the decision.")
                % {"address": originator.address},
            )
            return redirect("accounts:originators")
    return render(request, "accounts/originator_request.html", {"form": form})


@require_POST
@needs("manage")
def originator_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Give one up: nothing shows it from now on."""
    own = Originator.objects.for_organization(request.organization)
    originator = get_object_or_404(own.select_related("organization"), pk=pk)
    try:
        withdraw_originator(originator=originator, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("“%(address)s” was withdrawn.") % {"address": originator.address}
        )
    return redirect("accounts:originators")


@needs("manage")
def country_originators(request: MemberRequest, pk: int) -> HttpResponse:
    """Choose what an application shows in single countries."""
    application = application_or_404(request, pk)
    form = CountryOriginatorForm(request.POST or None, organization=request.organization)
    if request.method == "POST" and form.is_valid():
        try:
            choose_originator(application=application, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("originator", str(refusal))
        else:
            country = country_name(form.cleaned_data["country"])
            messages.success(
                request, _("The originator for %(country)s was saved.") % {"country": country}
            )
            return redirect("applications:country_originators", pk)
    chosen = application.country_originators.select_related("originator").order_by("country")
    about = {"form": form, "application": application, "chosen": chosen}
    return render(request, "accounts/applications/country_originators.html", about)


@require_POST
@needs("manage")
def country_originator_remove(request: MemberRequest, pk: int, choice_pk: int) -> HttpResponse:
    """Show in a country what is shown everywhere else."""
    application = application_or_404(request, pk)
    choices = application.country_originators.select_related("application__organization")
    choice = get_object_or_404(choices, pk=choice_pk)
    unchoose_originator(choice=choice, actor=request.user)
    name = {"country": country_name(choice.country)}
    messages.success(request, _("%(country)s no longer has an originator of its own.") % name)
    return redirect("applications:country_originators", pk)
