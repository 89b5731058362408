"""Drafts: what was begun and put aside."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import needs
from accounts.requests import MemberRequest, whole_number
from sending.send_tasks import draft_actions
from sending.send_tasks.queries import drafts as queries


@needs("send")
@require_GET
def drafts(request: MemberRequest) -> HttpResponse:
    """Show the drafts of all who may send, each with its owner and how long it is kept."""
    page = queries.draft_page(request.organization, whole_number(request.GET.get("after")))
    context = {"page": page, "keep_drafts_days": settings.KEEP_DRAFTS_DAYS}
    return render(request, "sending/send_tasks/drafts.html", context)


@needs("send")
@require_POST
def draft_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Throw a draft away."""
    draft = get_object_or_404(queries.drafts(request.organization), pk=pk)
    draft_actions.delete_draft(draft)
    messages.success(request, _("The draft was deleted."))
    return redirect("send_tasks:drafts")
