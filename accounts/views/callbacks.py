"""Where the callbacks of an application go, and the secret that they are signed with."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import change_callbacks, renew_callback_secret
from accounts.application_forms import CallbacksForm
from accounts.decorators import needs
from accounts.limits import SECRETS, limited
from accounts.models import SmsApplication
from accounts.requests import MemberRequest
from accounts.views.applications import application_or_404


@needs("manage")
@reauthentication_required(allow_get=True)
def callbacks(request: MemberRequest, pk: int) -> HttpResponse:
    """Set the URLs; the first one makes the secret, which is shown then."""
    application = application_or_404(request, pk)
    initial = {name: getattr(application, name) for name in CallbacksForm.base_fields}
    form = CallbacksForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        secret = change_callbacks(application=application, actor=request.user, **form.cleaned_data)
        if secret:
            return _secret_page(request, application, secret)
        messages.success(request, _("Callback URLs saved."))
        return redirect("applications:detail", pk)
    about = {"form": form, "application": application}
    return render(request, "accounts/applications/callbacks.html", about)


@require_POST
@needs("manage")
@reauthentication_required
@limited(SECRETS)
def callback_secret(request: MemberRequest, pk: int) -> HttpResponse:
    """Make another secret and show it, here and never again."""
    application = application_or_404(request, pk)
    secret = renew_callback_secret(application=application, actor=request.user)
    return _secret_page(request, application, secret)


def _secret_page(request: MemberRequest, application: SmsApplication, secret: str) -> HttpResponse:
    """Answer the POST itself: what is only in this answer is kept nowhere else."""
    about = {"application": application, "secret": secret}
    return render(request, "accounts/applications/callback_secret.html", about)
