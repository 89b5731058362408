"""What the editors of signatures and text templates share."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.errors import Refusal
from accounts.requests import MemberRequest
from templates_app.actions import delete, new_version, submit, withdraw
from templates_app.desk.queries import items_before
from templates_app.queries import rejection_before, timeline
from templates_app.review import ReviewState
from templates_app.sentences import ReasonText, reason_texts

PAGE_SIZE = 50


def draft_of(thing: Any) -> Any:
    """Return the draft of a signature or text template, or None."""
    return thing.versions.filter(state=ReviewState.DRAFT.value).order_by("-number").first()


def shown_version(request: MemberRequest, thing: Any) -> dict[str, Any]:
    """Return all versions of a signature or text template, and the one to show.

    That is the newest, or the one of `?version=`.
    """
    dated = timeline(thing)
    wanted = request.GET.get("version", "")
    shown = next((one for one in dated if str(one.version.number) == wanted), dated[0])
    return {
        "timeline": dated,
        "latest": dated[0].version,
        "version": shown.version,
        "review": shown.review,
    }


def rejection_reasons(version: Any) -> list[ReasonText]:
    """Return why the version that a draft corrects was rejected."""
    review = rejection_before(version) if version else None
    return reason_texts(review.reasons) if review else []


def after_saving(request: MemberRequest, version: Any, pages: str) -> HttpResponse:
    """Submit if that button was pressed; go back to the editor, or on to the detail page.

    `pages` begins the names of the pages: `templates_app:template` or `templates_app:signature`.
    """
    if "submit" not in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect(f"{pages}_edit", version.thing.pk)
    try:
        version = submit(version=version, submitter=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{pages}_edit", version.thing.pk)
    messages.success(
        request,
        _(
            "Version %(number)s was submitted. "
            "We will tell you and your contacts about the decision."
        )
        % {"number": version.number},
    )
    return redirect(f"{pages}_detail", version.thing.pk)


def begin_version(request: MemberRequest, version: Any, pages: str) -> HttpResponse:
    """Copy a version into a draft and open the editor."""
    try:
        new_version(version=version, author=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{pages}_detail", version.thing.pk)
    return redirect(f"{pages}_edit", version.thing.pk)


def take_back(request: MemberRequest, version: Any, pages: str) -> HttpResponse:
    """Withdraw a version and show what is left."""
    was_draft = version.state == ReviewState.DRAFT
    try:
        withdraw(version=version, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("The draft was discarded.") if was_draft else _("The submission was withdrawn.")
        messages.success(request, words)
    return redirect(f"{pages}_detail", version.thing.pk)


def remove(request: MemberRequest, thing: Any, pages: str) -> HttpResponse:
    """Delete a signature or text template and show the list."""
    name = str(thing)
    delete(thing=thing, actor=request.user)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": name})
    return redirect(f"{pages}_list")


def waiting(version: Any) -> dict[str, Any]:
    """Return how many open items are before a pending version; for a draft, all of them."""
    due = version.due_at if version and version.state == ReviewState.PENDING else None
    return {"before_it": items_before(due)}
