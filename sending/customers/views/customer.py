"""Pages of one customer: everything about one number, and the form that changes it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.decorators import needs
from accounts.requests import MemberRequest
from sending.customers import actions, queries
from sending.customers.about import about
from sending.customers.forms import CustomerForm, NewCustomerForm, initial_of
from sending.models import Customer


def customer_or_404(request: HttpRequest, pk: int) -> Customer:
    """Return a customer of the reader's organization."""
    own = Customer.objects.for_organization(request.organization)  # type: ignore[attr-defined]
    customer: Customer = get_object_or_404(own, pk=pk)
    return customer


@require_GET
@needs("view")
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Show everything about one number."""
    customer = customer_or_404(request, pk)
    own = set(customer.groups.values_list("pk", flat=True))
    context = {
        "about": about(request.organization, customer.msisdn),
        "groups": [each for each in queries.groups_of(request.organization) if each.pk not in own],
    }
    return render(request, "sending/customers/detail.html", context)


@needs("customers")
def create(request: MemberRequest) -> HttpResponse:
    """Enter a customer."""
    organization = request.organization
    form = NewCustomerForm(
        request.POST or None,
        organization=organization,
        fields=queries.fields_of(organization),
    )
    if request.method == "POST" and form.is_valid():
        customer = actions.add_customer(
            organization=organization,
            user=request.user,
            msisdn=form.cleaned_data["number"],
            country=form.country,
            **form.kept(),
        )
        return redirect("customers:detail", pk=customer.pk)
    return render(request, "sending/customers/create.html", {"form": form})


@needs("customers")
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change what is kept of a customer."""
    customer = customer_or_404(request, pk)
    form = CustomerForm(
        request.POST or None,
        initial=initial_of(customer),
        fields=queries.fields_of(request.organization),
    )
    if request.method == "POST" and form.is_valid():
        actions.edit_customer(customer=customer, user=request.user, **form.kept())
        messages.success(request, _("The customer was saved."))
        return redirect("customers:detail", pk=pk)
    return render(request, "sending/customers/edit.html", {"form": form, "customer": customer})
