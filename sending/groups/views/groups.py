"""Pages of customer groups."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs
from accounts.downloads import download
from accounts.limits import DOWNLOADS, SEARCHES, limited
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.groups import actions, queries
from sending.groups.forms import GroupForm
from sending.models import Customer, CustomerGroup
from sending.searches import redirect_to_search, search_of
from sending.spreadsheets.writer import stream_csv


def group_or_404(request: HttpRequest, pk: int) -> CustomerGroup:
    """Return a group of the reader's organization."""
    groups = CustomerGroup.objects.for_organization(request.organization)  # type: ignore[attr-defined]
    group: CustomerGroup = get_object_or_404(groups, pk=pk)
    return group


@require_GET
@needs("view")
def list_(request: MemberRequest) -> HttpResponse:
    """Show all groups."""
    groups = queries.groups_of(request.organization)
    return render(request, "sending/groups/list.html", {"groups": groups})


@needs("customers")
def create(request: MemberRequest) -> HttpResponse:
    """Make a group."""
    form = GroupForm(request.POST or None, organization=request.organization)
    if request.method == "POST" and form.is_valid():
        group = actions.create_group(form_group=form.instance, user=request.user)
        return redirect("groups:detail", pk=group.pk)
    return render(request, "sending/groups/create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@needs("view")
@limited(SEARCHES)
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a group and who is in it, or search it."""
    group = group_or_404(request, pk)
    if request.method == "POST":
        return redirect_to_search(request, request.POST.get("q", "").strip()[:60])
    search = search_of(request)
    after = whole_number(request.GET.get("after"))
    by_number = request.member.may(Permission.NUMBERS)
    page = queries.members_page(group, search.text, after, by_number=by_number)
    context = {"group": group, "page": page, "search": search}
    return render(request, "sending/groups/detail.html", context)


@needs("customers")
def rename(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a group another name."""
    group = group_or_404(request, pk)
    form = GroupForm(request.POST or None, instance=group, organization=request.organization)
    if request.method == "POST" and form.is_valid():
        actions.rename_group(form_group=form.instance, user=request.user)
        return redirect("groups:detail", pk=pk)
    context = {"form": form, "group": group_or_404(request, pk)}
    return render(request, "sending/groups/rename.html", context)


@needs("customers")
def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a group, after saying what that affects."""
    group = group_or_404(request, pk)
    if request.method == "POST":
        actions.delete_group(group=group, user=request.user)
        messages.success(request, _("“%(name)s” was deleted.") % {"name": group.name})
        return redirect("groups:list")
    return render(request, "sending/groups/delete.html", {"group": group})


@require_POST
@needs("customers")
def remove(request: MemberRequest, pk: int, customer_pk: int) -> HttpResponse:
    """Take one customer out of a group."""
    group = group_or_404(request, pk)
    customers = Customer.objects.for_organization(request.organization)
    customer = get_object_or_404(customers, pk=customer_pk)
    actions.remove_customer(group=group, customer=customer, user=request.user)
    messages.success(request, _("%(who)s is no longer in this group.") % {"who": customer})
    return redirect("groups:detail", pk=pk)


@require_GET
@needs("numbers")
@limited(DOWNLOADS)
def export(request: MemberRequest, pk: int) -> StreamingHttpResponse:
    """Download a group as csv."""
    group = group_or_404(request, pk)
    headings = [_("Mobile"), _("Country"), _("Name")]
    name = slugify(group.name) or "group"
    return download(f"{name}.csv", stream_csv(headings, queries.export_rows(group)))
