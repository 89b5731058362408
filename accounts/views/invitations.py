"""Inviting people, and what they see behind the link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.actions import (
    accept_invitation,
    accept_invitation_as_new_person,
    invite,
    revoke_invitation,
)
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.forms import InvitationForm, NewPersonForm
from accounts.middleware import SESSION_KEY
from accounts.models import Invitation, Member, User
from accounts.queries import invitation_by_token
from accounts.requests import MemberRequest, PersonRequest


@needs("manage")
def member_invite(request: MemberRequest) -> HttpResponse:
    """Invite a person by e-mail."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited, _token = invite(actor=request.member, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("An invitation was sent to %(email)s.") % {"email": invited.email}
            )
            return redirect("accounts:members")
    return render(request, "accounts/member_invite.html", {"form": form})


@require_POST
@needs("manage")
def invitation_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an open invitation back."""
    invited = get_object_or_404(Invitation.objects.for_organization(request.organization), pk=pk)
    try:
        revoke_invitation(invitation=invited, actor=request.member)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("The invitation to %(email)s was withdrawn.") % {"email": invited.email},
        )
    return redirect("accounts:members")


@sensitive_post_parameters("password")
@login_not_required
def invitation(request: PersonRequest, token: str) -> HttpResponse:
    """Accept an invitation: as the person logged in, as a known one, or as a new one."""
    invited = invitation_by_token(token)
    if invited is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    if request.user.is_authenticated:
        return _accept_as_reader(request, invited)
    if User.objects.filter(email__iexact=invited.email).exists():
        return render(request, "accounts/invitation_sign_in.html", {"invitation": invited})
    return _accept_as_new_person(request, invited)


def _accept_as_reader(request: PersonRequest, invited: Invitation) -> HttpResponse:
    """Ask the person who is logged in, and join."""
    if request.method == "POST":
        try:
            return _welcome(request, accept_invitation(invitation=invited, user=request.user))
        except Refusal as refusal:
            messages.error(request, str(refusal))
    is_for_reader = request.user.email.lower() == invited.email.lower()
    return render(
        request,
        "accounts/invitation_accept.html",
        {"invitation": invited, "is_for_reader": is_for_reader},
    )


def _accept_as_new_person(request: PersonRequest, invited: Invitation) -> HttpResponse:
    """Ask for name and password, then join and log in."""
    form = NewPersonForm(request.POST or None, email=invited.email)
    if request.method == "POST" and form.is_valid():
        try:
            member = accept_invitation_as_new_person(invitation=invited, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            login(request, member.user, backend=settings.AUTHENTICATION_BACKENDS[0])
            return _welcome(request, member)
    return render(request, "accounts/invitation.html", {"form": form, "invitation": invited})


def _welcome(request: PersonRequest, member: Member) -> HttpResponse:
    """Go to the overview of the organization that was joined."""
    request.session[SESSION_KEY] = member.organization_id
    messages.success(
        request, _("You are now a member of %(name)s.") % {"name": member.organization}
    )
    return redirect("overview:overview")
