"""Pages of the inbox: conversations, one of them, and the confirmations of STOP and START."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.decorators import needs
from accounts.limits import SEARCHES, limited
from accounts.masking import shown_to
from accounts.requests import MemberRequest, whole_number
from accounts.roles import Permission
from sending.inbox import actions, queries
from sending.inbox.forms import ConfirmationsForm
from sending.inbox.queries import Wanted
from sending.models import InboundMessage, ReplySettings
from sending.searches import number_prefix_of, redirect_to_search, search_of

FILTERS = {"unread", "stop"}


@require_http_methods(["GET", "POST"])
@needs("view")
@limited(SEARCHES)
def list_(request: MemberRequest) -> HttpResponse:
    """Show conversations, the newest first, or search them."""
    if request.method == "POST":
        only = request.POST.get("only", "")[:10]
        return redirect_to_search(request, request.POST.get("number", "").strip()[:40], only=only)
    search, wanted = search_of(request), _wanted(request)
    page = queries.conversations_page(
        request.organization, wanted, whole_number(request.GET.get("after"))
    )
    context = {"page": page, "search": search, "wanted": wanted}
    return render(request, "sending/inbox/list.html", context)


def _wanted(request: MemberRequest) -> Wanted:
    """Read the filters of the address; what makes no sense is as if it was not there."""
    only = request.GET.get("only", "")
    return Wanted(only=only if only in FILTERS else "", number=number_prefix_of(request))


def _reply(request: MemberRequest, pk: int) -> InboundMessage:
    """Return a reply of the organization that names a conversation, or 404."""
    own = InboundMessage.objects.for_organization(request.organization)
    reply: InboundMessage = get_object_or_404(own.filter(erased_at=None), pk=pk)
    return reply


@require_GET
@needs("view")
def conversation(request: MemberRequest, pk: int) -> HttpResponse:
    """Show what was said with one number, in the order of time."""
    reply = _reply(request, pk)
    organization = request.organization
    page = queries.lines_page(
        organization,
        reply.msisdn,
        _cursor(request.GET.get("after", "")),
        hides_codes=not request.member.may(Permission.NUMBERS),
    )
    own = InboundMessage.objects.for_organization(organization)
    context: dict[str, Any] = {
        "reply": own.conversations().filter(msisdn=reply.msisdn).first() or reply,
        "page": page,
        "suppression": queries.suppression_of(organization, reply.msisdn),
    }
    return render(request, "sending/inbox/conversation.html", context)


def _cursor(text: str) -> tuple[int, int] | None:
    """Read where a page ends; anything else is the newest page."""
    left, _tilde, right = text.partition("~")
    message, reply = whole_number(left), whole_number(right)
    return None if message is None or reply is None else (message, reply)


@require_POST
@needs("numbers")
def mark(request: MemberRequest, pk: int) -> HttpResponse:
    """Mark a conversation as read, or as unread again."""
    reply = _reply(request, pk)
    if request.POST.get("as") == "unread":
        actions.mark_unread(reply=reply)
        return redirect("inbox:list")
    actions.mark_read(reply=reply)
    return redirect("inbox:conversation", pk=pk)


@require_POST
@needs("stop")
def suppress(request: MemberRequest, pk: int) -> HttpResponse:
    """Put the number of a conversation on the suppression list."""
    reply = _reply(request, pk)
    if actions.suppress(organization=request.organization, reply=reply, user=request.user):
        messages.success(
            request,
            _("%(number)s gets nothing any more.")
            % {"number": shown_to(request.member, reply.msisdn)},
        )
    return redirect("inbox:conversation", pk=pk)


@require_POST
@needs("customers")
def unsuppress(request: MemberRequest, pk: int) -> HttpResponse:
    """Take the number of a conversation off the suppression list."""
    reply = _reply(request, pk)
    if actions.unsuppress(organization=request.organization, reply=reply, user=request.user):
        messages.success(
            request,
            _("%(number)s can be sent to again.")
            % {"number": shown_to(request.member, reply.msisdn)},
        )
    return redirect("inbox:conversation", pk=pk)


@require_http_methods(["GET", "POST"])
@needs("manage")
def settings(request: MemberRequest) -> HttpResponse:
    """Choose what STOP and START are confirmed with."""
    organization = request.organization
    chosen = ReplySettings.objects.for_organization(organization).first()
    initial = {
        "stop_template": chosen and chosen.stop_template_id,
        "start_template": chosen and chosen.start_template_id,
    }
    form = ConfirmationsForm(request.POST or None, organization=organization, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.choose_confirmations(
            organization=organization, user=request.user, **form.cleaned_data
        )
        messages.success(request, _("Confirmations saved."))
        return redirect("inbox:list")
    return render(request, "sending/inbox/settings.html", {"form": form})
