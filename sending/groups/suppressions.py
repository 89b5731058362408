"""Pages of the suppression list: who must not be sent to."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.groups import actions, queries
from sending.groups.forms import ImportForm, NumbersForm
from sending.models import Suppression, Upload
from sending.models.paging import whole_number
from sending.spreadsheets.writer import stream_csv


@require_GET
@needs("view")
def suppressions(request: MemberRequest) -> HttpResponse:
    """Show suppressed numbers, the newest first."""
    search = request.GET.get("q", "").strip()[:20]
    after = whole_number(request.GET.get("after"))
    page = queries.suppressions_page(request.organization, search, after)
    return render(request, "sending/groups/suppressions.html", {"page": page, "search": search})


@needs("customers")
def suppress(request: MemberRequest) -> HttpResponse:
    """Enter up to a hundred numbers."""
    form = NumbersForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        started = actions.start_import(
            organization=request.organization,
            group=None,
            user=request.user,
            numbers=form.cleaned_data["numbers"],
        )
        return redirect("groups:import_result", pk=started.pk)
    return render(request, "sending/groups/suppress.html", {"form": form})


@needs("customers")
def suppress_file(request: MemberRequest) -> HttpResponse:
    """Upload a spreadsheet of numbers; a column “Name” is kept as the reason."""
    form = ImportForm(request.POST or None, request.FILES or None)
    form.fields["file"].help_text = _(
        "xlsx, xls, ods or csv, up to 30 MB. It needs a column with mobile numbers, for"
        " example “Mobile”."
    )
    if request.method == "POST" and form.is_valid():
        upload = Upload.keep(
            organization=request.organization, user=request.user, file=form.cleaned_data["file"]
        )
        started = actions.start_import(
            organization=request.organization, group=None, user=request.user, upload=upload
        )
        return redirect("groups:import_result", pk=started.pk)
    return render(request, "sending/groups/suppress_file.html", {"form": form})


@require_POST
@needs("customers")
def unsuppress(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one number off the list."""
    own = Suppression.objects.for_organization(request.organization)
    suppression = get_object_or_404(own, pk=pk)
    actions.unsuppress(suppression=suppression, user=request.user)
    messages.success(
        request, _("%(number)s can be sent to again.") % {"number": suppression.msisdn}
    )
    return redirect("groups:suppressions")


@require_GET
@needs("view")
def suppressions_export(request: MemberRequest) -> StreamingHttpResponse:
    """Download the list as csv."""
    rows = queries.suppression_rows(request.organization)
    response = StreamingHttpResponse(
        stream_csv([_("Mobile"), _("Reason"), _("Since")], rows),
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="suppressed.csv"'
    return response
