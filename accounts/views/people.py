"""What people say about themselves, and the way to everything about their own account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actions import change_name
from accounts.requests import PersonRequest
from accounts.rights_forms import ProfileForm
from accounts.second_step import has_passkey, has_second_step


def profile(request: PersonRequest) -> HttpResponse:
    """Change one's own name; show where the rest of one's account is changed."""
    form = ProfileForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        change_name(person=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Your name was changed."))
        return redirect("accounts:profile")
    about = {
        "form": form,
        "has_passkey": has_passkey(request.user),
        "has_second_step": has_second_step(request.user),
    }
    return render(request, "accounts/profile.html", about)
