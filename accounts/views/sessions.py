"""Where a person is signed in; allauth lists it and ends all others, one is ended here."""

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest


@require_POST
def session_end(request: PersonRequest, pk: int) -> HttpResponse:
    """Sign the reader out in another browser; their own has a button for that."""
    elsewhere = UserSession.objects.exclude(session_key=request.session.session_key)
    session = get_object_or_404(elsewhere, user=request.user, pk=pk)
    get_adapter().end_sessions([session])
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")
