"""Pages for the people whom an organization wants to be told what happens."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.actions import create_contact, delete_contact, edit_contact
from accounts.decorators import needs
from accounts.forms import ContactForm
from accounts.models import Contact
from accounts.notice_forms import chosen_by
from accounts.requests import MemberRequest


@needs("view")
def contacts(request: MemberRequest) -> HttpResponse:
    """List the contacts."""
    return render(
        request,
        "accounts/contacts.html",
        {
            "contacts": Contact.objects.for_organization(request.organization).order_by("name"),
        },
    )


@needs("manage")
def contact_create(request: MemberRequest) -> HttpResponse:
    """Add a contact."""
    initial = {"language": get_language(), "notices": chosen_by(Contact())}
    form = ContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        contact = create_contact(
            organization=request.organization, actor=request.user, **form.cleaned_data
        )
        messages.success(request, _("%(name)s was added.") % {"name": contact})
        return redirect("accounts:contacts")
    return render(request, "accounts/contact_edit.html", {"form": form})


@needs("manage")
def contact_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a contact."""
    contact = get_object_or_404(Contact.objects.for_organization(request.organization), pk=pk)
    form = ContactForm(
        request.POST or None,
        initial={
            "name": contact.name,
            "email": contact.email,
            "msisdn": contact.msisdn,
            "language": contact.language,
            "notices": chosen_by(contact),
        },
    )
    if request.method == "POST" and form.is_valid():
        edit_contact(contact=contact, actor=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s saved.") % {"name": contact})
        return redirect("accounts:contacts")
    return render(request, "accounts/contact_edit.html", {"form": form, "contact": contact})


@require_POST
@needs("manage")
def contact_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Remove a contact."""
    contact = get_object_or_404(Contact.objects.for_organization(request.organization), pk=pk)
    name = contact.name
    delete_contact(contact=contact, actor=request.user)
    messages.success(request, _("%(name)s was removed.") % {"name": name})
    return redirect("accounts:contacts")
