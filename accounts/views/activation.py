"""Applying for the service and seeing what became of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actions import apply_for_activation
from accounts.countries import country_name
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.forms import ActivationForm
from accounts.models import ServiceActivation
from accounts.queries import current_activation
from accounts.requests import MemberRequest


@needs("view")
def activation(request: MemberRequest) -> HttpResponse:
    """Show the application and its state, and earlier ones."""
    current = current_activation(request.organization)
    earlier = ServiceActivation.objects.for_organization(request.organization)
    return render(
        request,
        "accounts/activation.html",
        {
            "activation": current,
            "country": country_name(current.country) if current else "",
            "earlier": earlier.exclude(pk=current.pk).order_by("-id") if current else [],
        },
    )


@needs("manage")
def activation_apply(request: MemberRequest) -> HttpResponse:
    """Apply; after a rejection the form begins with what was written before."""
    current = current_activation(request.organization)
    if current and not current.is_rejected:
        return redirect("accounts:activation")
    form = ActivationForm(request.POST or None, initial=_first_values(request, current))
    if request.method == "POST" and form.is_valid():
        try:
            apply_for_activation(
                organization=request.organization, applicant=request.user, **form.cleaned_data
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your application was submitted."))
        return redirect("accounts:activation")
    return render(request, "accounts/activation_apply.html", {"form": form, "rejected": current})


def _first_values(request: MemberRequest, rejected: ServiceActivation | None) -> dict[str, object]:
    """Return the initial values of the form."""
    if rejected is None:
        organization = request.organization
        return {
            "legal_name": organization.name,
            "country": organization.country,
            "website": organization.website,
        }
    return {
        "legal_name": rejected.legal_name,
        "country": rejected.country,
        "website": rejected.website,
        "purpose": rejected.purpose,
        "monthly_messages": rejected.monthly_messages,
    }
