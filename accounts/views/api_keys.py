"""The keys of an application. A secret is shown only in the answer to the POST that made it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actions import create_key, edit_key, revoke_key, rotate_key
from accounts.application_forms import ApiKeyForm, KeyRotationForm, NewApiKeyForm
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import SECRETS, limited
from accounts.models import ApiKey
from accounts.requests import MemberRequest
from accounts.views.applications import application_or_404


def _key_or_404(request: MemberRequest, pk: int, key_pk: int) -> ApiKey:
    """Return a key that works, of an application of the reader's organization."""
    keys = ApiKey.objects.for_organization(request.organization).filter(application__pk=pk)
    related = keys.usable().select_related("application__organization", "organization")
    key: ApiKey = get_object_or_404(related, pk=key_pk)
    return key


@needs("manage")
@reauthentication_required(allow_get=True)
@limited(SECRETS)
def key_create(request: MemberRequest, pk: int) -> HttpResponse:
    """Make a key, and show its secret this once."""
    application = application_or_404(request, pk)
    form = NewApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key = create_key(application=application, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "accounts/applications/key_secret.html", {"key": key})
    about = {"form": form, "application": application}
    return render(request, "accounts/applications/key_create.html", about)


@needs("manage")
@reauthentication_required(allow_get=True)
def key_edit(request: MemberRequest, pk: int, key_pk: int) -> HttpResponse:
    """Change the name of a key, and from where it may be used."""
    key = _key_or_404(request, pk, key_pk)
    initial = {"name": key.name, "allowed_networks": "\n".join(key.allowed_networks)}
    form = ApiKeyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        edit_key(key=key, actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s saved.") % {"name": key.label})
        return redirect("applications:detail", pk)
    about = {"form": form, "key": key, "application": key.application}
    return render(request, "accounts/applications/key_edit.html", about)


@needs("manage")
@reauthentication_required(allow_get=True)
@limited(SECRETS)
def key_rotate(request: MemberRequest, pk: int, key_pk: int) -> HttpResponse:
    """Make a key that takes the place of another, and show its secret this once."""
    key = _key_or_404(request, pk, key_pk)
    if key.is_token:
        return redirect("applications:token", pk)
    form = KeyRotationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = rotate_key(key=key, actor=request.user, hours=form.cleaned_data["hours"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            shown = {"key": new, "replaced": key}
            return render(request, "accounts/applications/key_secret.html", shown)
    about = {"form": form, "key": key, "application": key.application}
    return render(request, "accounts/applications/key_rotate.html", about)


@needs("manage")
def key_revoke(request: MemberRequest, pk: int, key_pk: int) -> HttpResponse:
    """Ask, then end a key. Nobody is asked for a password first: it may be in wrong hands now."""
    key = _key_or_404(request, pk, key_pk)
    if request.method == "POST":
        try:
            revoke_key(key=key, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(name)s was revoked.") % {"name": key.label})
        return redirect("applications:detail", pk)
    about = {"key": key, "application": key.application}
    return render(request, "accounts/applications/key_revoke.html", about)
