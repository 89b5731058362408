"""Pages of all customers: search, filter, change many, import and export."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs, takes_files
from accounts.downloads import download
from accounts.limits import DOWNLOADS, FILES, SEARCHES, limited
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.customers import actions, queries
from sending.customers.filter_form import FilterForm, filter_of, redirect_to_filter
from sending.customers.forms import ChangeForm, MergeForm, PoolImportForm
from sending.groups.views.groups import group_or_404
from sending.groups.views.imports import begun
from sending.models import ChangeKind, ChangeState, Customer, CustomerChange, CustomerGroup
from sending.pool.filters import CustomerFilter
from sending.searches import search_of
from sending.spreadsheets.writer import XLSX, stream_csv, stream_xlsx


@require_http_methods(["GET", "POST"])
@needs("view")
@limited(SEARCHES)
def list_(request: MemberRequest) -> HttpResponse:
    """Show customers, or those that a filter means."""
    if request.method == "POST":
        return redirect_to_filter(request)
    organization = request.organization
    wanted = filter_of(request)
    page = queries.customers_page(organization, wanted, whole_number(request.GET.get("after")))
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "page": page,
        "search": search_of(request),
        "wanted": wanted,
        "is_filtered": bool(wanted.to_json()),
        "filter": FilterForm.of(organization, wanted),
        "group": _group(request, wanted),
        "groups": queries.groups_of(organization),
        "columns": queries.fields_of(organization),
        "suppressed": queries.suppressed_among(organization, page.rows),
        "query": query.urlencode(),
    }
    return render(request, "sending/customers/list.html", context)


def _group(request: MemberRequest, wanted: CustomerFilter) -> CustomerGroup | None:
    groups = CustomerGroup.objects.for_organization(request.organization)
    return groups.filter(pk=wanted.group).first() if wanted.group else None


@needs("customers")
@require_POST
@limited(SEARCHES)
def change(request: MemberRequest) -> HttpResponse:
    """Do something to chosen customers, or to all that the filter of the address means."""
    wanted = filter_of(request)
    group = _group(request, wanted)
    form = ChangeForm(request.POST, organization=request.organization, group=group)
    ids = _chosen(request)
    if problem := _problem(request, form, ids):
        messages.error(request, problem)
        return _back(request)
    data = form.cleaned_data
    is_all = data["scope"] == "all"
    grave = data["kind"] in (ChangeKind.DELETE, ChangeKind.SUPPRESS)
    if (is_all or grave) and not data["confirmed"]:
        context = {"form": form, "wanted": wanted, "ids": ids, "is_all": is_all, "group": group}
        context |= {
            "filter": FilterForm.of(request.organization, wanted),
            "back": _address(request),
        }
        return render(request, "sending/customers/change.html", context)
    given: dict[str, Any] = {"kind": data["kind"], "source": group}
    given |= {"target": data["target"], "new_group": data["new_group"]}
    owner: dict[str, Any] = {"organization": request.organization, "user": request.user}
    if is_all:
        begun_change = actions.change_many(wanted=wanted, **given, **owner)
        return redirect("customers:change_result", pk=begun_change.pk)
    done = actions.change_chosen(ids=ids, **given, **owner)
    said = {"what": done.get_kind_display(), "n": done.changed}
    messages.success(request, _("%(what)s: %(n)s") % said)
    return _back(request)


def _chosen(request: MemberRequest) -> list[int]:
    """Return the customers of a page that were chosen, or all of it; no more than a page has."""
    name = "shown" if request.POST.get("scope") == "shown" else "customer"
    given = request.POST.getlist(name)[: queries.PAGE_SIZE]
    return [pk for text in given if (pk := whole_number(text)) is not None]


def _problem(request: MemberRequest, form: ChangeForm, ids: Sequence[int]) -> str:
    """Return why nothing can be done; empty when it can."""
    if not form.is_valid():
        return str(next(iter(form.errors.values()))[0])
    if form.cleaned_data["kind"] == ChangeKind.SUPPRESS and not request.member.may(Permission.STOP):
        return _("You cannot suppress numbers. Ask an administrator.")
    if form.cleaned_data["scope"] == "all":
        # Without what was searched for, the rest of the filter would mean others too.
        ended = search_of(request).has_ended
        return _("This search has expired. Search again, then choose again.") if ended else ""
    return "" if ids else _("Choose at least one customer.")


def _address(request: MemberRequest) -> str:
    query = request.GET.urlencode()
    return reverse("customers:list") + (f"?{query}" if query else "")


def _back(request: MemberRequest) -> HttpResponse:
    """Lead back to where the form was: a customer's page, or the list with its filter."""
    pk = whole_number(request.POST.get("back_to"))
    if pk is not None and Customer.objects.for_organization(request.organization).filter(pk=pk):
        return redirect("customers:detail", pk=pk)
    return redirect(_address(request))


@require_GET
@needs("view")
def change_result(request: MemberRequest, pk: int) -> HttpResponse:
    """Show how far a change of many customers is."""
    own = CustomerChange.objects.for_organization(request.organization)
    found = get_object_or_404(own.select_related("source", "target"), pk=pk)
    context = {"change": found, "running": found.state == ChangeState.RUNNING}
    return render(request, "sending/customers/change_result.html", context)


@needs("customers")
def merge(request: MemberRequest, pk: int) -> HttpResponse:
    """Move all customers of a group into another one, and delete the empty one."""
    group = group_or_404(request, pk)
    form = MergeForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        begun_change = actions.merge_group(
            group=group, target=form.cleaned_data["target"], user=request.user
        )
        return redirect("customers:change_result", pk=begun_change.pk)
    return render(request, "sending/customers/merge.html", {"group": group, "form": form})


@takes_files
@needs("customers")
@limited(FILES)
def import_file(request: MemberRequest) -> HttpResponse:
    """Upload a spreadsheet of customers."""
    form = PoolImportForm(
        request.POST or None, request.FILES or None, organization=request.organization
    )
    page = "sending/customers/import_file.html"
    context = {"form": form, "columns": queries.fields_of(request.organization)}
    if request.method == "POST" and form.is_valid():
        group = form.cleaned_data.pop("group")
        return begun(request, group, form) or redirect("customers:list")
    return render(request, page, context)


@require_GET
@needs("numbers")
@limited(DOWNLOADS)
def export(request: MemberRequest) -> HttpResponseBase:
    """Download the customers that a filter means, as csv."""
    if search_of(request).has_ended:
        return redirect(_address(request))
    name, headings, rows = _exported(request)
    return download(f"{name}.csv", stream_csv(headings, rows))


@require_GET
@needs("numbers")
@limited(DOWNLOADS)
def export_xlsx(request: MemberRequest) -> HttpResponseBase:
    """Download the customers that a filter means, as xlsx."""
    if search_of(request).has_ended:
        return redirect(_address(request))
    name, headings, rows = _exported(request)
    return download(f"{name}.xlsx", stream_xlsx(headings, rows, sheet=_("Customers")), XLSX)


def _exported(request: MemberRequest) -> tuple[str, list[str], Any]:
    """Write the export down; return the name of the file, its headings and rows."""
    wanted = filter_of(request)
    group = _group(request, wanted)
    fields = queries.fields_of(request.organization)
    headings = [_("Mobile"), _("Country"), _("Name"), _("Language")]
    headings += [field.label for field in fields]
    headings += [_("Consent"), _("Consent noted on"), _("Source"), _("Since")]
    name = group.name if group else ""
    actions.record_export(
        organization=request.organization, user=request.user, wanted=wanted, group=name
    )
    rows = queries.export_rows(request.organization, wanted, fields)
    return slugify(name) or "customers", headings, rows
