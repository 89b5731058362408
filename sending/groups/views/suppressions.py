"""Pages of the suppression list: who must not be sent to."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs, takes_files
from accounts.downloads import download
from accounts.limits import DOWNLOADS, FILES, SEARCHES, limited
from accounts.masking import shown_to
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.groups import actions, queries
from sending.groups.forms import NumbersForm, SuppressionFileForm
from sending.groups.views.imports import begun
from sending.models import Suppression
from sending.searches import redirect_to_search, search_of
from sending.spreadsheets.writer import stream_csv


@require_http_methods(["GET", "POST"])
@needs("view")
@limited(SEARCHES)
def suppressions(request: MemberRequest) -> HttpResponse:
    """Show suppressed numbers, the newest first, or search them."""
    if request.method == "POST":
        return redirect_to_search(request, request.POST.get("q", "").strip()[:20])
    search = search_of(request)
    # Who may not see numbers must not find them out digit by digit either.
    text = search.text if request.member.may(Permission.NUMBERS) else ""
    after = whole_number(request.GET.get("after"))
    page = queries.suppressions_page(request.organization, text, after)
    return render(request, "sending/groups/suppressions.html", {"page": page, "search": search})


@needs("stop")
@limited(FILES)
def suppress(request: MemberRequest) -> HttpResponse:
    """Enter up to a hundred numbers."""
    form = NumbersForm(request.POST or None)
    page = "sending/groups/suppress.html"
    return begun(request, None, form, suppresses=True) or render(request, page, {"form": form})


@takes_files
@needs("stop")
@limited(FILES)
def suppress_file(request: MemberRequest) -> HttpResponse:
    """Upload a spreadsheet of numbers; a column “Name” is kept as the reason."""
    form = SuppressionFileForm(request.POST or None, request.FILES or None)
    page = "sending/groups/suppress_file.html"
    return begun(request, None, form, suppresses=True) or render(request, page, {"form": form})


@require_POST
@needs("customers")
def unsuppress(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one number off the list."""
    own = Suppression.objects.for_organization(request.organization)
    suppression = get_object_or_404(own, pk=pk)
    actions.unsuppress(suppression=suppression, user=request.user)
    number = _("The number")
    if not suppression.is_erased:
        number = shown_to(request.member, suppression.msisdn)
    messages.success(request, _("%(number)s can be sent to again.") % {"number": number})
    return redirect("groups:suppressions")


@require_GET
@needs("numbers")
@limited(DOWNLOADS)
def suppressions_export(request: MemberRequest) -> StreamingHttpResponse:
    """Download the list as csv."""
    rows = queries.suppression_rows(request.organization)
    headings = [_("Mobile"), _("Reason"), _("Since")]
    return download("suppressed.csv", stream_csv(headings, rows))
