"""Suspend an organization or an application, and end it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.actions import end_suspension
from accounts.errors import Refusal
from accounts.models import Organization, SmsApplication
from accounts.requests import PersonRequest
from sending.operations import actions
from sending.operations.access import who_may_suspend
from sending.operations.forms.suspension import SuspensionForm
from sending.operations.queries.suspension import waiting


@require_http_methods(["GET", "POST"])
@who_may_suspend
def organization_suspension(request: PersonRequest, pk: int) -> HttpResponse:
    """Suspend an organization, or end it."""
    return _suspension(request, get_object_or_404(Organization, pk=pk))


@require_http_methods(["GET", "POST"])
@who_may_suspend
def application_suspension(request: PersonRequest, pk: int) -> HttpResponse:
    """Suspend one application of an organization, or end it."""
    applications = SmsApplication.objects.select_related("organization")
    return _suspension(request, get_object_or_404(applications, pk=pk))


def _suspension(request: PersonRequest, subject: Organization | SmsApplication) -> HttpResponse:
    """Show the form, or the suspension; the button of each says what it wants."""
    if "end" in request.POST:
        return _ended(request, subject)
    form = SuspensionForm(request.POST or None)
    if form.is_valid():
        return _suspended(request, subject, form)
    context = {
        "subject": subject,
        "owner": subject if isinstance(subject, Organization) else subject.organization,
        "form": form,
        "waiting": waiting(subject),
    }
    return render(request, "sending/operations/suspension.html", context)


def _suspended(
    request: PersonRequest, subject: Organization | SmsApplication, form: SuspensionForm
) -> HttpResponse:
    try:
        tasks = actions.suspend_sending(
            actor=request.user,
            subject=subject,
            reason=form.cleaned_data["reason"],
            cancels=form.cleaned_data["queued"] == SuspensionForm.CANCEL,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        stopped = ngettext("%(n)s task was stopped.", "%(n)s tasks were stopped.", tasks)
        done = _("%(name)s is suspended.") % {"name": subject}
        messages.success(request, f"{done} {stopped % {'n': tasks}}")
    return redirect(request.path)


def _ended(request: PersonRequest, subject: Organization | SmsApplication) -> HttpResponse:
    try:
        end_suspension(subject, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        done = _("The suspension of %(name)s has ended. Paused tasks stay paused.")
        messages.success(request, done % {"name": subject})
    return redirect(request.path)
