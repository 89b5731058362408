"""Pages of the own columns of customers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.customers import actions, queries
from sending.customers.forms import FieldForm
from sending.models import CustomerField
from sending.models.customer import MOST_FIELDS


def _field(request: MemberRequest, pk: int) -> CustomerField:
    own = CustomerField.objects.for_organization(request.organization)
    field: CustomerField = get_object_or_404(own, pk=pk)
    return field


@needs("customers")
def fields(request: MemberRequest) -> HttpResponse:
    """Show the columns in their order, and add one."""
    organization = request.organization
    form = FieldForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        label = form.cleaned_data["label"]
        actions.add_field(organization=organization, user=request.user, label=label)
        return redirect("customers:fields")
    own = queries.fields_of(organization)
    context = {"form": form, "columns": own, "is_full": len(own) >= MOST_FIELDS}
    return render(request, "sending/customers/fields.html", context)


@needs("customers")
def field_rename(request: MemberRequest, pk: int) -> HttpResponse:
    """Give a column another name."""
    field = _field(request, pk)
    form = FieldForm(
        request.POST or None,
        initial={"label": field.label},
        organization=request.organization,
        field=field,
    )
    if request.method == "POST" and form.is_valid():
        actions.rename_field(field=field, user=request.user, label=form.cleaned_data["label"])
        return redirect("customers:fields")
    return render(request, "sending/customers/field_rename.html", {"form": form, "field": field})


@needs("customers")
@require_POST
def field_move(request: MemberRequest, pk: int) -> HttpResponse:
    """Move a column one place up or down."""
    actions.move_field(field=_field(request, pk), up=request.POST.get("to") == "up")
    return redirect("customers:fields")


@needs("customers")
def field_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove a column, after saying what is lost."""
    field = _field(request, pk)
    if request.method == "POST":
        actions.remove_field(field=field, user=request.user)
        messages.success(request, _("The column “%(name)s” was removed.") % {"name": field.label})
        return redirect("customers:fields")
    context = {"field": field, "examples": queries.examples_of(field)}
    return render(request, "sending/customers/field_remove.html", context)
