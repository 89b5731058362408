"""How much an application may send, and to which countries."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.actions import (
    allow_all_countries,
    change_limits,
    remove_country,
    set_countries,
    set_country,
)
from accounts.application_forms import (
    CountryLimitForm,
    CountryLinesForm,
    LimitsForm,
    initial_limits,
)
from accounts.application_limits import as_lines, country_faults, shortened
from accounts.countries import country_name
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.requests import MemberRequest
from accounts.views.applications import application_or_404


@needs("manage")
def limits(request: MemberRequest, pk: int) -> HttpResponse:
    """Set the limits of a day and of a number, and who is told."""
    application = application_or_404(request, pk)
    form = LimitsForm(
        request.POST or None,
        organization=request.organization,
        initial=initial_limits(application),
    )
    if request.method == "POST" and form.is_valid():
        change_limits(application=application, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Limits saved. They hold within a few seconds."))
        return redirect("applications:detail", pk)
    about = {"form": form, "application": application}
    return render(request, "accounts/applications/limits.html", about)


@needs("manage")
def countries(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the list of countries, and put one into it."""
    application = application_or_404(request, pk)
    form = CountryLimitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        country, limit = form.cleaned_data["country"], form.cleaned_data["daily_segment_limit"]
        most = application.segments_a_day
        faults = list(country_faults(request.organization, most, {country: limit}))
        if not faults:
            set_country(application=application, actor=request.user, **form.cleaned_data)
            messages.success(
                request, _("%(country)s is in the list.") % {"country": country_name(country)}
            )
            return redirect("applications:countries", pk)
        form.add_error("country", faults[0][1])
    listed = application.countries.order_by("country")
    about = {"form": form, "application": application, "countries": listed}
    return render(request, "accounts/applications/countries.html", about)


@needs("manage")
def country_list(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the whole list as lines."""
    application = application_or_404(request, pk)
    listed = application.countries.order_by("country")
    form = CountryLinesForm(request.POST or None, initial={"lines": as_lines(list(listed))})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["lines"]
        faults = country_faults(request.organization, application.segments_a_day, wanted)
        if sentences := shortened([sentence for _code, sentence in faults]):
            form.add_error("lines", sentences)
        else:
            set_countries(application=application, actor=request.user, limits=wanted)
            saved = ngettext(
                "%(n)d country in the list.", "%(n)d countries in the list.", len(wanted)
            )
            messages.success(request, saved % {"n": len(wanted)})
            return redirect("applications:countries", pk)
    about = {"form": form, "application": application}
    return render(request, "accounts/applications/country_list.html", about)


@require_POST
@needs("manage")
def country_remove(request: MemberRequest, pk: int, country_pk: int) -> HttpResponse:
    """Take a country off the list."""
    application = application_or_404(request, pk)
    listed = get_object_or_404(application.countries, pk=country_pk)
    try:
        remove_country(application=application, actor=request.user, country=listed.country)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        name = {"country": country_name(listed.country)}
        messages.success(request, _("%(country)s is no longer in the list.") % name)
    return redirect("applications:countries", pk)


@require_POST
@needs("manage")
def all_countries(request: MemberRequest, pk: int) -> HttpResponse:
    """Empty the list: the application may send wherever its organization may."""
    application = application_or_404(request, pk)
    allow_all_countries(application=application, actor=request.user)
    messages.success(
        request, _("%(name)s may send wherever your organization may.") % {"name": application.name}
    )
    return redirect("applications:countries", pk)
