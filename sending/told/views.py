"""Pages: what contacts and members were told, and a test message to a contact."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import send_test
from accounts.decorators import needs
from accounts.limits import TRIALS, limited
from accounts.models import Contact
from accounts.requests import MemberRequest, whole_number
from sending.told import queries


@needs("view")
@require_GET
def list_(request: MemberRequest) -> HttpResponse:
    """Show what was told, the newest first."""
    after = whole_number(request.GET.get("after"))
    page = queries.told_page(request.organization, after)
    live = any(told.may_change_soon for told in page.rows)
    return render(request, "sending/told/list.html", {"page": page, "live": live})


@require_POST
@needs("manage")
@limited(TRIALS)
def test(request: MemberRequest, pk: int) -> HttpResponse:
    """Send a test to a contact, by every way that leads to it."""
    contact = get_object_or_404(Contact.objects.for_organization(request.organization), pk=pk)
    send_test(contact=contact, actor=request.user, path=reverse("told:list"))
    sentence = _("A test is on its way to %(name)s. Its state is at the top of the list.")
    messages.success(request, sentence % {"name": contact})
    return redirect("told:list")
