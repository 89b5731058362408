"""Who belongs to the organization, and as what."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import change_rights, change_role, remove_member
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.forms import RoleForm
from accounts.models import Member
from accounts.queries import is_last_owner, members_of, open_invitations
from accounts.requests import MemberRequest
from accounts.rights_forms import MemberRightsForm


@needs("view")
def members(request: MemberRequest) -> HttpResponse:
    """List members and open invitations."""
    return render(
        request,
        "accounts/members.html",
        {
            "members": members_of(request.organization),
            "invitations": open_invitations(request.organization).select_related("invited_by"),
            "roles": RoleForm().fields["role"].choices,  # type: ignore[attr-defined]
        },
    )


@require_POST
@needs("manage")
@reauthentication_required
def member_role(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    member = get_object_or_404(Member.objects.for_organization(request.organization), pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a role."))
        return redirect("accounts:members")
    try:
        member = change_role(member=member, role=form.cleaned_data["role"], actor=request.member)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("%(person)s now has the role %(role)s.")
            % {"person": member.user, "role": member.get_role_display()},
        )
    return redirect("accounts:members")


@needs("manage")
@reauthentication_required(allow_get=True)
def member_rights(request: MemberRequest, pk: int) -> HttpResponse:
    """Agree with a member on more or less than the role says."""
    own = Member.objects.for_organization(request.organization).select_related("user")
    member = get_object_or_404(own, pk=pk)
    form = MemberRightsForm(request.POST or None, initial=MemberRightsForm.now(member))
    if request.method == "POST" and form.is_valid():
        try:
            change_rights(member=member, actor=request.member, **form.wanted())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            saved = _("The rights of %(person)s were saved.") % {"person": member.user}
            messages.success(request, saved)
        return redirect("accounts:members")
    return render(request, "accounts/member_rights.html", {"form": form, "person": member})


@needs("manage")
@reauthentication_required(allow_get=True)
def member_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then take a person out of the organization."""
    member = get_object_or_404(
        Member.objects.for_organization(request.organization).select_related("user"), pk=pk
    )
    if request.method == "POST":
        person = str(member.user)
        try:
            remove_member(member=member, actor=request.member)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("accounts:members")
        messages.success(request, _("%(person)s is no longer a member.") % {"person": person})
        left = member.user_id == request.user.pk
        return redirect("overview:overview" if left else "accounts:members")
    return render(
        request,
        "accounts/member_remove.html",
        {"removed": member, "is_last_owner": is_last_owner(member)},
    )
