"""The sending programs of an organization: the list, one of them, and whether it may send."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import (
    create_application,
    disable_application,
    edit_application,
    enable_application,
)
from accounts.application_forms import ApplicationForm
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.models import SmsApplication
from accounts.queries import applications_of, default_application, ended_keys, usable_keys
from accounts.requests import MemberRequest


def application_or_404(request: MemberRequest, pk: int) -> SmsApplication:
    """Return an application of the reader's organization."""
    own = SmsApplication.objects.for_organization(request.organization)
    application: SmsApplication = get_object_or_404(own.select_related("organization"), pk=pk)
    return application


@needs("view")
def list_(request: MemberRequest) -> HttpResponse:
    """List the applications with what they have used of today."""
    applications = applications_of(request.organization)
    return render(request, "accounts/applications/list.html", {"applications": applications})


@needs("view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one: whether it may send, its limits and their use, callbacks, keys."""
    application = application_or_404(request, pk)
    return render(
        request,
        "accounts/applications/detail.html",
        {
            "application": application,
            "is_default": application == default_application(request.organization),
            "countries": application.countries.order_by("country"),
            "contacts": application.alarm_contacts.order_by("name"),
            "keys": usable_keys(application),
            "ended_keys": ended_keys(application),
            "country_originators": application.country_originators.select_related(
                "originator"
            ).order_by("country"),
        },
    )


@needs("manage")
def create(request: MemberRequest) -> HttpResponse:
    """Add an application."""
    form = ApplicationForm(request.POST or None, organization=request.organization)
    if request.method == "POST" and form.is_valid():
        try:
            application = create_application(
                organization=request.organization, actor=request.user, **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(
                request,
                _("%(name)s was made. Next, set its limits and make a key.")
                % {"name": application.name},
            )
            return redirect("applications:detail", application.pk)
    return render(request, "accounts/applications/create.html", {"form": form})


@needs("manage")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change name, description and originator."""
    application = application_or_404(request, pk)
    initial = {name: getattr(application, name) for name in ApplicationForm.base_fields}
    form = ApplicationForm(request.POST or None, organization=request.organization, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_application(application=application, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("%(name)s saved.") % {"name": application.name})
            return redirect("applications:detail", pk)
    about = {"form": form, "application": application}
    return render(request, "accounts/applications/edit.html", about)


@require_POST
@needs("manage")
def enable(request: MemberRequest, pk: int) -> HttpResponse:
    """Let it send again."""
    application = application_or_404(request, pk)
    enable_application(application=application, actor=request.user)
    messages.success(request, _("%(name)s is switched on.") % {"name": application.name})
    return redirect("applications:detail", pk)


@needs("manage")
def disable(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what it means, then refuse what the application is asked to send."""
    application = application_or_404(request, pk)
    if request.method == "POST":
        disable_application(application=application, actor=request.user)
        messages.success(request, _("%(name)s is switched off.") % {"name": application.name})
        return redirect("applications:detail", pk)
    is_default = application == default_application(request.organization)
    about = {"application": application, "is_default": is_default}
    return render(request, "accounts/applications/disable.html", about)
