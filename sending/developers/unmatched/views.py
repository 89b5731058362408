"""Unmatched texts: the list, one group of them, and what becomes of it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import needs
from accounts.errors import Refusal
from accounts.limits import PREVIEWS, SEARCHES, limited
from accounts.requests import MemberRequest
from sending.developers.unmatched import actions, queries


@needs("view")
@require_GET
@limited(SEARCHES)
def unmatched(request: MemberRequest) -> HttpResponse:
    """List the texts that matched nothing, put together, the most frequent first."""
    groups = queries.groups_of(request.organization)
    context = {
        "groups": groups[: queries.CLUSTERS_SHOWN],
        "more": max(0, len(groups) - queries.CLUSTERS_SHOWN),
        "right": queries.right_of(request.organization),
    }
    return render(request, "sending/developers/unmatched.html", context)


@needs("view")
@require_GET
@limited(SEARCHES)
def unmatched_text(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a group of texts, the text templates nearest to it, and the wording it suggests."""
    group = _group(request, pk)
    context = {
        "group": group,
        "nearest": queries.nearest(request.organization, group.row.sample),
        "right": queries.right_of(request.organization),
    }
    return render(request, "sending/developers/unmatched_text.html", context)


@needs("content")
@require_POST
@limited(PREVIEWS)
def unmatched_template(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin a text template with the wording that a group suggests, and open its editor."""
    group = _group(request, pk)
    try:
        version = actions.draft_of(
            organization=request.organization, group=group, author=request.user
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("developers:unmatched_text", pk)
    messages.success(
        request, _("This is what the texts have in common. Check name, type and text, and submit.")
    )
    return redirect("templates_app:template_edit", version.text_template_id)


@needs("content")
@require_POST
def unmatched_remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a group off the list."""
    actions.remove(organization=request.organization, group=_group(request, pk))
    messages.success(request, _("The texts are off the list. They come back if they are sent."))
    return redirect("developers:unmatched")


def _group(request: MemberRequest, pk: int) -> queries.UnmatchedGroup:
    group = queries.group_with(request.organization, pk)
    if group is None:
        raise Http404
    return group
