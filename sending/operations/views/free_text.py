"""The right of an organization to send texts that match no text template."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import shared_time
from accounts.errors import Refusal
from accounts.models import Organization
from accounts.requests import PersonRequest
from sending.models import FreeTextRight
from sending.operations.access import operators_only
from sending.operations.forms.free_text import FreeTextForm
from sending.operations.free_text_actions import grant_free_text, withdraw_free_text


@require_http_methods(["GET", "POST"])
@operators_only
def free_text(request: PersonRequest, pk: int) -> HttpResponse:
    """Grant the right, for good or as learning mode, or take it back."""
    found = get_object_or_404(Organization, pk=pk, removed_at=None)
    if "end" in request.POST:
        return _ended(request, found)
    form = FreeTextForm(request.POST or None)
    if form.is_valid():
        grant_free_text(actor=request.user, organization=found, **form.granted())
        messages.success(request, _("%(name)s may send free text.") % {"name": found})
        return redirect("operations:organization", pk=pk)
    right = FreeTextRight.objects.for_organization(found).first()
    context = {
        "subject": found,
        "form": form,
        "right": right,
        "holds": right is not None and right.holds(shared_time.now()),
    }
    return render(request, "sending/operations/free_text.html", context)


def _ended(request: PersonRequest, organization: Organization) -> HttpResponse:
    try:
        withdraw_free_text(actor=request.user, organization=organization)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("%(name)s may no longer send free text.") % {"name": organization}
        )
    return redirect("operations:organization", pk=organization.pk)
