"""The auth token of an application: made, made anew, promoted. It is shown once, after the POST."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import make_second_token, make_token, promote_token, token_of
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import SECRETS, limited
from accounts.requests import MemberRequest
from accounts.views.applications import application_or_404


@needs("manage")
@require_GET
def token(request: MemberRequest, pk: int) -> HttpResponse:
    """Show the SIDs, and what can be done with the token."""
    application = application_or_404(request, pk)
    about = {"application": application, "key": token_of(application)}
    return render(request, "accounts/applications/token.html", about)


@require_POST
@needs("manage")
@reauthentication_required
@limited(SECRETS)
def token_new(request: MemberRequest, pk: int) -> HttpResponse:
    """Make the token, or a second one beside it, and show it this once."""
    application = application_or_404(request, pk)
    key = token_of(application)
    is_second = key is not None and key.is_usable
    make = make_second_token if is_second else make_token
    try:
        secret = make(application=application, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("applications:token", pk)
    about = {"application": application, "secret": secret, "is_second": is_second}
    return render(request, "accounts/applications/token_secret.html", about)


@require_POST
@needs("manage")
@reauthentication_required
def token_promote(request: MemberRequest, pk: int) -> HttpResponse:
    """Let the second token take the place of the first."""
    application = application_or_404(request, pk)
    try:
        promote_token(application=application, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The second token is now the auth token."))
    return redirect("applications:token", pk)
