"""Pages of Verify services."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.requests import MemberRequest, whole_number
from sending.developers.endpoint import endpoint_of
from sending.developers.twilio_examples import twilio_environment
from sending.developers.verify import queries
from sending.developers.verify.examples import verify_examples
from sending.developers.verify.forms import VerifyServiceForm, initial_of
from sending.developers.views.quick_start import EXAMPLE_NUMBER
from sending.models import VerifyService
from sending.models.verification import VERIFICATION_LABELS, VerificationState
from sending.verify import ending, rate_limits, service_settings


def _service_or_404(request: MemberRequest, pk: int) -> VerifyService:
    own = VerifyService.objects.for_organization(request.organization).kept()
    related = ("application", "organization", "text_template__approved", "signature__approved")
    found: VerifyService = get_object_or_404(own.select_related(*related), pk=pk)
    return found


@require_GET
@needs("view")
def verify_services(request: MemberRequest) -> HttpResponse:
    """List the services of all applications."""
    page = queries.services_page(request.organization, whole_number(request.GET.get("after")))
    return render(request, "sending/developers/verify/list.html", {"page": page})


@require_GET
@needs("view")
def verify_service(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one: its settings, and how many codes were right, by country."""
    service = _service_or_404(request, pk)
    figures = queries.figures_of(request.organization, service)
    ends = [
        (VERIFICATION_LABELS[state], figures.by_state.get(state.value, 0))
        for state in VerificationState
    ]
    context = {
        "service": service,
        "text": queries.text_in_use(service),
        "own_text_is_out_of_use": queries.own_text_is_out_of_use(service),
        "figures": figures,
        "ends": [(label, count) for label, count in ends if count],
        "days": queries.FIGURE_DAYS,
        "rate_limits": rate_limits.described(service),
        "environment": twilio_environment(service.application.account_sid),
        "examples": verify_examples(service, endpoint_of(request), EXAMPLE_NUMBER),
        "number": EXAMPLE_NUMBER,
    }
    return render(request, "sending/developers/verify/detail.html", context)


@needs("manage")
def verify_create(request: MemberRequest) -> HttpResponse:
    """Add a service to an application."""
    form = VerifyServiceForm(request.POST or None, organization=request.organization)
    if request.method == "POST" and form.is_valid():
        try:
            service = service_settings.create(actor=request.user, **form.cleaned_data)
        except service_settings.TooManyServices:
            form.add_error(
                "application",
                _("The application has %(most)s services. Delete one of them first.")
                % {"most": service_settings.MOST_SERVICES},
            )
        else:
            messages.success(request, _("%(name)s was made.") % {"name": service.friendly_name})
            return redirect("developers:verify_service", service.pk)
    return render(request, "sending/developers/verify/create.html", {"form": form})


@needs("manage")
def verify_change(request: MemberRequest, pk: int) -> HttpResponse:
    """Change the settings of a service."""
    service = _service_or_404(request, pk)
    form = VerifyServiceForm(
        request.POST or None,
        organization=request.organization,
        service=service,
        initial=initial_of(service),
    )
    if request.method == "POST" and form.is_valid():
        service_settings.change(service, actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s saved.") % {"name": service.friendly_name})
        return redirect("developers:verify_service", pk)
    about = {"form": form, "service": service}
    return render(request, "sending/developers/verify/change.html", about)


@needs("manage")
def verify_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Say what it means, then delete a service."""
    service = _service_or_404(request, pk)
    if request.method == "POST":
        ending.delete_service(service, actor=request.user)
        messages.success(request, _("%(name)s was deleted.") % {"name": service.friendly_name})
        return redirect("developers:verify_services")
    return render(request, "sending/developers/verify/delete.html", {"service": service})
