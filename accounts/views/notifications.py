"""What the reader is told by e-mail."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actions import choose_notices
from accounts.notice_forms import NotificationsForm
from accounts.requests import PersonRequest


def notifications(request: PersonRequest) -> HttpResponse:
    """Choose what the reader is told."""
    # Without any box it is a choice, too.
    posted = request.POST if request.method == "POST" else None
    form = NotificationsForm(posted, person=request.user)
    if form.is_valid():
        choose_notices(person=request.user, unwanted=form.unwanted)
        messages.success(request, _("Your choice was saved."))
        return redirect("accounts:notifications")
    return render(request, "accounts/notifications.html", {"form": form})
