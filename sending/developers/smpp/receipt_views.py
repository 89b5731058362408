"""Pages of what clients are still to be given: receipts that wait, and those that were given up."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts import shared_time
from accounts.decorators import needs
from accounts.limits import CALLBACKS, limited
from accounts.requests import MemberRequest, whole_number
from sending.developers.smpp import again, queries
from sending.developers.smpp.forms import ReceiptFilterForm, SentAgainForm
from sending.developers.smpp.views import account_or_404
from sending.models import SmppAccount, SmppReceipt

DEAD = "dead"
# The filter on the same page has fields of the same names.
AGAIN_ID = "again_%s"


@require_GET
@needs("view")
def smpp_receipts(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what waits for the client, or what was given up."""
    return _receipts(request, account_or_404(request, pk))


@require_POST
@needs("manage")
@limited(CALLBACKS)
def smpp_receipt_again(request: MemberRequest, pk: int, receipt_pk: int) -> HttpResponse:
    """Send one again that was given up."""
    account = account_or_404(request, pk)
    own = SmppReceipt.objects.for_organization(request.organization)
    receipt = get_object_or_404(own, pk=receipt_pk, account_id=account.pk)
    if again.send_one_again(account=account, receipt=receipt, actor=request.user):
        messages.success(request, _("It is sent again as soon as a receiver is bound."))
    else:
        messages.info(request, _("It is waiting already."))
    return redirect(_address(account))


@require_POST
@needs("manage")
@limited(CALLBACKS)
def smpp_receipts_again(request: MemberRequest, pk: int) -> HttpResponse:
    """Send again what was given up: by message_id, state, or days."""
    account = account_or_404(request, pk)
    form = SentAgainForm(request.POST, auto_id=AGAIN_ID)
    if not form.is_valid():
        return _receipts(request, account, form)
    count = again.send_dead_again(account=account, actor=request.user, **form.cleaned_data)
    messages.success(request, _sent_again(count))
    return redirect(_address(account))


def _sent_again(count: int) -> str:
    if not count:
        return _("Nothing that was given up matches.")
    told = ngettext("%(n)s is sent again.", "%(n)s are sent again.", count) % {"n": count}
    more = _("There may be more: press again.") if count == again.MOST_AGAIN else ""
    return f"{told} {more}".strip()


def _address(account: SmppAccount) -> str:
    return reverse("developers:smpp_receipts", args=[account.pk], query={"show": DEAD})


def _receipts(
    request: MemberRequest, account: SmppAccount, form: SentAgainForm | None = None
) -> HttpResponse:
    dead = bool(form) or request.GET.get("show") == DEAD
    filter_form = ReceiptFilterForm(request.GET or None)
    asked = filter_form.cleaned_data if filter_form.is_valid() else {}
    context = {
        "account": account,
        "row": queries.account_row(account),
        "dead": dead,
        "filter_form": filter_form,
        "asked": any(asked.values()),
        "page": queries.receipts_page(
            account, dead=dead, asked=asked, after=whole_number(request.GET.get("after"))
        ),
        "form": form or SentAgainForm(auto_id=AGAIN_ID),
        "now": shared_time.now(),
    }
    return render(request, "sending/developers/smpp/receipts.html", context)
