"""The organization itself: its settings, a new one and the switch."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import (
    allow_countries,
    create_organization,
    edit_organization,
    require_second_step,
)
from accounts.countries import country_name, reachable_regions, sorted_names
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.forms import AllowedCountriesForm, OrganizationForm, SecondStepForm
from accounts.limits import ORGANIZATIONS, limited
from accounts.middleware import SESSION_KEY
from accounts.models import Member
from accounts.queries import may_send, members_without_second_step
from accounts.requests import MemberRequest, PersonRequest
from accounts.second_step import has_second_step
from accounts.switching import page_after_switch


@needs("view")
def settings(request: MemberRequest) -> HttpResponse:
    """Show what the organization says about itself."""
    return render(
        request,
        "accounts/settings.html",
        {
            "country": country_name(request.organization.country),
            "is_active": may_send(request.organization),
            "allowed": sorted_names(request.organization.allowed_countries),
            "kept_days": django_settings.KEEP_MESSAGES_DAYS,
        },
    )


@needs("manage")
def organization_edit(request: MemberRequest) -> HttpResponse:
    """Change name, country, website and time zone."""
    organization = request.organization
    form = OrganizationForm(
        request.POST or None,
        initial={
            "name": organization.name,
            "country": organization.country,
            "website": organization.website,
            "time_zone": organization.time_zone,
            "keep_messages_days": organization.keep_messages_days,
        },
    )
    if request.method == "POST" and form.is_valid():
        edit_organization(organization=organization, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Settings saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/organization_edit.html", {"form": form})


@needs("manage")
def allowed_countries(request: MemberRequest) -> HttpResponse:
    """Choose the countries that may be sent to."""
    organization = request.organization
    saved = organization.allowed_countries
    form = AllowedCountriesForm(
        request.POST or None,
        initial={
            "reach": AllowedCountriesForm.SELECTED if saved else AllowedCountriesForm.ALL,
            "countries": saved,
        },
    )
    if request.method == "POST" and form.is_valid():
        countries = form.cleaned_data["countries"]
        allow_countries(organization=organization, actor=request.user, countries=countries)
        messages.success(request, _("Settings saved."))
        return redirect("accounts:settings")
    regions = reachable_regions()
    offered = sum(len(region.countries) for region in regions)
    about = {"form": form, "saved": len(saved), "regions": regions, "offered": offered}
    return render(request, "accounts/allowed_countries.html", about)


@needs("manage")
@reauthentication_required(allow_get=True)
def second_step(request: MemberRequest) -> HttpResponse:
    """Say whether members need a second step to sign in, and which."""
    organization = request.organization
    form = SecondStepForm(
        request.POST if request.method == "POST" else None,
        initial={"step": SecondStepForm.now(organization)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            require_second_step(organization=organization, actor=request.user, **form.wanted())
        except Refusal as refusal:
            form.add_error("step", str(refusal))
        else:
            messages.success(request, _("Settings saved."))
            return redirect("accounts:settings")
    without = members_without_second_step(organization)
    about = {"form": form, "without": without, "has_own": has_second_step(request.user)}
    return render(request, "accounts/second_step.html", about)


@limited(ORGANIZATIONS)
def organization_create(request: PersonRequest) -> HttpResponse:
    """Start an organization; its founder becomes the owner."""
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        organization = create_organization(founder=request.user, **form.cleaned_data)
        request.session[SESSION_KEY] = organization.pk
        messages.success(
            request, _("%(name)s was created. Activate the service next.") % {"name": organization}
        )
        return redirect("accounts:activation_apply")
    return render(request, "accounts/organization_create.html", {"form": form})


@require_POST
def switch(request: PersonRequest, pk: int) -> HttpResponse:
    """Work in another of one's organizations from now on, on the page nearest to this one.

    `open` is the address of a row that is that organization's, `next` of the page shown now.
    """
    # Any organization: the reader chooses among their own.
    own = Member.objects.filter(user=request.user).select_related("organization")
    member = get_object_or_404(own, organization__pk=pk)
    request.session[SESSION_KEY] = member.organization_id
    row = request.POST.get("open", "")
    if url_has_allowed_host_and_scheme(row, allowed_hosts={request.get_host()}):
        return redirect(row)
    return redirect(page_after_switch(request.POST.get("next", ""), member))
