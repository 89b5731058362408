"""Which tasks wait for a second person: owners decide."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actions import want_approval
from accounts.decorators import needs
from accounts.queries import members_who_may
from accounts.requests import MemberRequest
from accounts.rights_forms import SendApprovalForm
from accounts.roles import Permission


@needs("own")
@reauthentication_required(allow_get=True)
def send_approval(request: MemberRequest) -> HttpResponse:
    """Say which tasks need approval, and who could give it."""
    organization = request.organization
    form = SendApprovalForm(request.POST or None, initial=SendApprovalForm.now(organization))
    if request.method == "POST" and form.is_valid():
        want_approval(organization=organization, actor=request.user, above=form.wanted())
        messages.success(request, _("Settings saved."))
        return redirect("accounts:settings")
    approvers = members_who_may(organization, Permission.APPROVE)
    about = {
        "form": form,
        "approvers": [member.user for member in approvers],
        # Whose own tasks nobody else could approve.
        "alone": approvers[0].user if len(approvers) == 1 else None,
    }
    return render(request, "accounts/send_approval.html", about)
