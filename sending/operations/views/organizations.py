"""One organization for operators, its usage by month, and looking at it as support."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import support_view
from accounts.downloads import download
from accounts.errors import Refusal
from accounts.limits import DOWNLOADS, limited
from accounts.models import Organization
from accounts.requests import PersonRequest, whole_number
from sending.operations import organization_actions
from sending.operations.access import operators_only, who_may_look_as_support
from sending.operations.forms.organizations import MonthsForm, SupportForm
from sending.operations.queries import usage as usage_queries
from sending.operations.queries.organizations import organization_view
from sending.operations.queries.prices import written
from sending.operations.queries.usage import Usage
from sending.spreadsheets.writer import Value, stream_csv

_HEADINGS = (
    *("organization", "organization_name", "month", "country", "application"),
    *("messages", "segments", "amount", "currency"),
)
_YEAR = 12


@require_GET
@operators_only
def organization(request: PersonRequest, pk: int) -> HttpResponse:
    """Show who it is, what it may do, and what it used in the last twelve months."""
    found = get_object_or_404(Organization, pk=pk)
    form = MonthsForm(request.GET, months=_YEAR)
    first, last = form.asked()
    context = {
        "view": organization_view(found),
        "months": usage_queries.totals(usage_queries.usage(found, first, last)),
        "first": first,
        "last": last,
    }
    return render(request, "sending/operations/organization.html", context)


@require_GET
@operators_only
@limited(DOWNLOADS)
def organization_usage(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """Download what an organization used by month, country and application."""
    found = get_object_or_404(Organization, pk=pk)
    first, last = MonthsForm(request.GET, months=_YEAR).asked()
    return _file(f"usage-{pk}", first, last, usage_queries.usage(found, first, last))


@require_POST
@operators_only
def organization_remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Take an empty organization out of the lists."""
    found = get_object_or_404(Organization, pk=pk)
    try:
        organization_actions.remove(actor=request.user, organization=found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("operations:organization", pk=pk)
    messages.success(request, _("%(name)s was removed. Its audit trail stays.") % {"name": found})
    return redirect("admin:accounts_organization_changelist")


@require_GET
@operators_only
def usage(request: PersonRequest) -> HttpResponse:
    """Show what every organization used, this month unless others are asked for."""
    form = MonthsForm(request.GET)
    first, last = form.asked()
    after = whole_number(request.GET.get("after"))
    context = {
        "form": form,
        "page": usage_queries.totals_of_all(first, last, after),
        "first": first,
        "last": last,
    }
    return render(request, "sending/operations/usage.html", context)


@require_GET
@operators_only
@limited(DOWNLOADS)
def usage_export(request: PersonRequest) -> StreamingHttpResponse:
    """Download what all organizations used by month, country and application."""
    first, last = MonthsForm(request.GET).asked()
    return _file("usage", first, last, usage_queries.usage_of_all(first, last))


def _file(name: str, first: date, last: date, rows: Iterable[Usage]) -> StreamingHttpResponse:
    return download(f"{name}-{first:%Y-%m}-{last:%Y-%m}.csv", stream_csv(_HEADINGS, _rows(rows)))


def _rows(found: Iterable[Usage]) -> Iterator[Sequence[Value]]:
    for row in found:
        yield (
            row.organization.pk,
            row.organization.name,
            row.month,
            row.country,
            row.application,
            row.figures.handed_over,
            row.figures.segments,
            written(row.figures.cost_micro),
            row.currency,
        )


@require_http_methods(["GET", "POST"])
@who_may_look_as_support
def support_begin(request: PersonRequest, pk: int) -> HttpResponse:
    """Look at an organization as a viewer of it, for half an hour at most."""
    found = get_object_or_404(Organization, pk=pk, removed_at=None)
    form = SupportForm(request.POST or None)
    if form.is_valid():
        support_view.begin(request, found, form.cleaned_data["reason"])
        return redirect("overview:overview")
    context = {"subject": found, "form": form, "minutes": support_view.LASTS.seconds // 60}
    return render(request, "sending/operations/support_begin.html", context)


@require_POST
@who_may_look_as_support
def support_end(request: PersonRequest) -> HttpResponse:
    """Look no longer."""
    look = request.support_view
    if look is None:
        return redirect("operations:gateways")
    support_view.end(request, look.organization)
    messages.success(
        request, _("You are no longer looking at %(name)s.") % {"name": look.organization.name}
    )
    return redirect("operations:organization", pk=look.organization.pk)
