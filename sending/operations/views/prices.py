"""Prices: lists side by side, files in and out, and what is left of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.decorators import takes_files
from accounts.downloads import download
from accounts.limits import DOWNLOADS, FILES, limited
from accounts.models import Organization
from accounts.requests import PersonRequest, whole_number
from sending.models import GatewayCost, PriceVersion
from sending.operations import price_actions
from sending.operations.access import operators_only
from sending.operations.forms.price_files import CostFileForm, PriceFileForm
from sending.operations.queries import prices as queries
from sending.operations.queries.margins import margins as margins_of
from sending.spreadsheets.writer import stream_csv


@require_GET
@operators_only
def prices(request: PersonRequest) -> HttpResponse:
    """Show the general lists, or those of one organization, beside each other."""
    organization = _organization(request)
    found = queries.matrix(organization)
    with_own = Organization.objects.filter(
        pk__in=PriceVersion.objects.exclude(organization=None).values("organization_id")
    )
    context = {
        "subject": organization,
        "matrix": found,
        "current": next((c.version for c in found.columns if c.state == "current"), None),
        "with_own": with_own.order_by("name")[:100],
    }
    return render(request, "sending/operations/prices.html", context)


def _organization(request: PersonRequest) -> Organization | None:
    asked = whole_number(request.GET.get("organization"))
    return get_object_or_404(Organization, pk=asked) if asked else None


@require_GET
@operators_only
def price_differences(request: PersonRequest) -> HttpResponse:
    """Show what is different between two lists."""
    lists = PriceVersion.objects.select_related("organization").order_by("-valid_from", "-pk")
    asked = [whole_number(request.GET.get(name)) for name in ("before", "after")]
    before, after = (get_object_or_404(lists, pk=pk) if pk else None for pk in asked)
    context: dict[str, Any] = {"before": before, "after": after, "lists": lists[:100]}
    if before and after:
        context["rows"] = queries.differences(before, after)
        context["same_currency"] = before.currency == after.currency
    return render(request, "sending/operations/price_differences.html", context)


@require_GET
@operators_only
@limited(DOWNLOADS)
def prices_export(request: PersonRequest, pk: int) -> StreamingHttpResponse:
    """Download a list in the form in which it can be read again."""
    del request
    version = get_object_or_404(PriceVersion, pk=pk)
    rows = queries.price_rows(version)
    return download(f"prices-{pk}.csv", stream_csv(["country", "name", "price"], rows))


@takes_files
@require_http_methods(["GET", "POST"])
@operators_only
@limited(FILES)
def prices_import(request: PersonRequest) -> HttpResponse:
    """Make a list of a file; problems are shown with row and column, and nothing is stored."""
    form = PriceFileForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render(request, "sending/operations/prices_import.html", {"form": form})
    data = form.cleaned_data
    version = price_actions.import_prices(
        actor=request.user,
        prices=form.prices,
        currency=data["currency"],
        valid_from=data["valid_from"],
        organization=data["organization"],
        note=data["note"],
    )
    done = ngettext("%(n)s price was saved.", "%(n)s prices were saved.", len(form.prices))
    if version.valid_from is None:
        then = _("The list is a draft. It takes effect once you give it a date.")
    elif version.has_begun:
        then = _("The list is in force.")
    else:
        then = _("The list takes effect at the time you chose.")
    messages.success(request, f"{done % {'n': len(form.prices)}} {then}")
    where = urlencode({"organization": version.organization_id or ""})
    return redirect(f"{reverse('operations:prices')}?{where}")


@require_GET
@operators_only
def margins(request: PersonRequest) -> HttpResponse:
    """Compare a list with what gateways cost, and warn of losses and of routes without a price."""
    asked = whole_number(request.GET.get("list"))
    lists = PriceVersion.objects.select_related("organization")
    version = get_object_or_404(lists, pk=asked) if asked else PriceVersion.current()
    context = {
        "version": version,
        "margins": margins_of(version),
        "lists": lists.order_by("-valid_from", "-pk")[:100],
    }
    return render(request, "sending/operations/margins.html", context)


@takes_files
@require_http_methods(["GET", "POST"])
@operators_only
@limited(FILES)
def costs_import(request: PersonRequest) -> HttpResponse:
    """Take the costs of gateways from a file."""
    form = CostFileForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render(request, "sending/operations/costs_import.html", {"form": form})
    gateways = price_actions.import_costs(
        actor=request.user, costs=form.costs, currency=form.cleaned_data["currency"]
    )
    done = ngettext(
        "The costs of %(n)s gateway were replaced.",
        "The costs of %(n)s gateways were replaced.",
        len(gateways),
    )
    messages.success(request, done % {"n": len(gateways)})
    return redirect("operations:margins")


@require_GET
@operators_only
@limited(DOWNLOADS)
def costs_export(request: PersonRequest) -> StreamingHttpResponse:
    """Download all costs in the form in which they can be read again."""
    del request
    costs = GatewayCost.objects.select_related("gateway").order_by("gateway__name", "country")
    rows = (
        (
            row.gateway.name,
            row.country or queries.ALL_OTHERS,
            queries.written(row.micro),
            row.currency,
        )
        for row in costs
    )
    return download("costs.csv", stream_csv(["gateway", "country", "cost", "currency"], rows))
