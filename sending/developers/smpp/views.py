"""Pages of SMPP accounts. A password is shown only in the answer to the POST that made it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import shared_time
from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import SECRETS, limited
from accounts.models import SmsApplication
from accounts.requests import MemberRequest, whole_number
from sending.developers.endpoint import endpoint_of
from sending.developers.queries import choices
from sending.developers.smpp import actions, queries, statuses
from sending.developers.smpp.bind_settings import bind_settings
from sending.developers.smpp.examples import SMPP_ENVIRONMENT, smpp_examples
from sending.developers.smpp.forms import NewPasswordForm, NewSmppAccountForm, SmppAccountForm
from sending.developers.views.quick_start import EXAMPLE_NUMBER
from sending.models import SmppAccount
from sending.smpp_accounts.making import create_account


def account_or_404(request: MemberRequest, pk: int) -> SmppAccount:
    """Return an SMPP account of the reader's organization."""
    own = SmppAccount.objects.for_organization(request.organization)
    account: SmppAccount = get_object_or_404(
        own.select_related("application", "organization", "created_by"), pk=pk
    )
    return account


@require_GET
@needs("view")
def smpp_accounts(request: MemberRequest) -> HttpResponse:
    """List the accounts of all applications, with what is bound and what waits."""
    context = {
        "page": queries.accounts_page(request.organization, whole_number(request.GET.get("after"))),
        "now": shared_time.now(),
    }
    return render(request, "sending/developers/smpp/accounts.html", context)


@require_GET
@needs("view")
def smpp_account(request: MemberRequest, pk: int) -> HttpResponse:
    """Show one: its binds, what waits for its client, its settings, and what was refused."""
    account = account_or_404(request, pk)
    bind = bind_settings(account, endpoint_of(request).host)
    text = choices.example_text(request.organization)
    context = {
        "account": account,
        "row": queries.account_row(account),
        "refusals": queries.refusals_of(account),
        "lock_outs": queries.lock_outs_of(account),
        "bind": bind,
        "environment": SMPP_ENVIRONMENT,
        "examples": smpp_examples(account, bind, EXAMPLE_NUMBER, text),
        "number": EXAMPLE_NUMBER,
        "now": shared_time.now(),
    }
    return render(request, "sending/developers/smpp/account.html", context)


@needs("manage")
@reauthentication_required(allow_get=True)
@limited(SECRETS)
def smpp_create(request: MemberRequest) -> HttpResponse:
    """Make an account, and show its password this once."""
    asked = whole_number(request.GET.get("application"))
    own = SmsApplication.objects.for_organization(request.organization)
    form = NewSmppAccountForm(request.POST or None, organization=request.organization)
    form.fields["application"].initial = own.filter(pk=asked).first() if asked else None
    if request.method == "POST" and form.is_valid():
        try:
            account, password = create_account(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return _show_password(request, account, password)
    return render(request, "sending/developers/smpp/create.html", {"form": form})


@needs("manage")
@reauthentication_required(allow_get=True)
def smpp_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change limits, addresses and settings."""
    account = account_or_404(request, pk)
    form = SmppAccountForm(request.POST or None, organization=request.organization, account=account)
    if request.method == "POST" and form.is_valid():
        actions.edit_account(account=account, actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s saved.") % {"name": account.label})
        return redirect("developers:smpp_account", pk)
    context = {"form": form, "account": account}
    return render(request, "sending/developers/smpp/edit.html", context)


@needs("manage")
@reauthentication_required(allow_get=True)
@limited(SECRETS)
def smpp_password(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a new password, and show it this once."""
    account = account_or_404(request, pk)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = actions.renew_password(account=account, actor=request.user, **form.cleaned_data)
        return _show_password(request, account, password, is_renewed=True)
    context = {"form": form, "account": account}
    return render(request, "sending/developers/smpp/new_password.html", context)


@needs("manage")
def smpp_disable(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask, then end its binds. Nobody is asked for a password: it may be in wrong hands now."""
    account = account_or_404(request, pk)
    if request.method == "POST":
        actions.switch(account=account, actor=request.user, on=False)
        messages.success(request, _("%(name)s is switched off.") % {"name": account.label})
        return redirect("developers:smpp_account", pk)
    return render(request, "sending/developers/smpp/disable.html", {"account": account})


@require_POST
@needs("manage")
def smpp_enable(request: MemberRequest, pk: int) -> HttpResponse:
    """Let it bind again."""
    account = account_or_404(request, pk)
    actions.switch(account=account, actor=request.user, on=True)
    messages.success(request, _("%(name)s is switched on.") % {"name": account.label})
    return redirect("developers:smpp_account", pk)


@require_GET
@needs("view")
def smpp_statuses(request: MemberRequest) -> HttpResponse:
    """List every command_status that clients are answered."""
    context = {"statuses": statuses.STATUSES}
    return render(request, "sending/developers/smpp/statuses.html", context)


def _show_password(
    request: MemberRequest, account: SmppAccount, password: str, *, is_renewed: bool = False
) -> HttpResponse:
    context = {
        "account": account,
        "password": password,
        "is_renewed": is_renewed,
        "bind": bind_settings(account, endpoint_of(request).host),
    }
    return render(request, "sending/developers/smpp/password.html", context)
