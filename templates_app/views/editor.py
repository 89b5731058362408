"""What the pages of signatures and text templates share.

`pages` begins the names of the pages: `templates_app:signature` or `templates_app:template`.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.errors import Refusal
from accounts.requests import MemberRequest, whole_number
from templates_app.actions import (
    delete,
    may_be_appealed,
    new_version,
    submit,
    submit_many,
    withdraw,
)
from templates_app.desk.queries import items_before
from templates_app.models.reviewed_version import STATE_LABELS
from templates_app.queries import (
    LIST_SIZE,
    LIST_STATES,
    drafts_among,
    list_page,
    rejection_before,
    thread,
    timeline,
)
from templates_app.review import ReviewState
from templates_app.sentences import ReasonText, reason_texts
from templates_app.version_findings import originator


def list_context(request: MemberRequest, things: QuerySet[Any], pages: str) -> dict[str, Any]:
    """Return what a list shows: a page of `things`, and the states it can be filtered by."""
    after = whole_number(request.GET.get("after"))
    page = list_page(request.organization, things, after)
    return {
        "page": page,
        "has_drafts": any(line.latest.state == ReviewState.DRAFT for line in page.rows),
        "pages": pages,
        "state": request.GET.get("state", ""),
        "search": request.GET.get("search", ""),
        "filtered": any(value for name, value in request.GET.items() if name != "after"),
        "states": [(state.value, STATE_LABELS[state]) for state in LIST_STATES],
    }


def submit_chosen(request: MemberRequest, model: Any, pages: str) -> HttpResponse:
    """Submit the newest drafts of the things that were chosen, and say what each refuses."""
    asked = [whole_number(pk) for pk in request.POST.getlist("pk")[:LIST_SIZE]]
    chosen = [pk for pk in dict.fromkeys(asked) if pk is not None]
    if not chosen:
        messages.error(request, _("Choose at least one draft."))
        return redirect(f"{pages}_list")
    drafts = drafts_among(model, request.organization, chosen)
    results = submit_many(versions=drafts, submitter=request.user)
    about = {
        "pages": pages,
        "submitted": [one for one in results if not one.refusal],
        "refused": [one for one in results if one.refusal],
        "over": len(chosen) - len(drafts),
    }
    return render(request, "templates_app/submitted.html", about)


def detail_context(request: MemberRequest, thing: Any, pages: str) -> dict[str, Any]:
    """Return all versions of a signature or text template, and the one to show.

    That is the newest, or the one of `?version=`.
    """
    dated = timeline(thing)
    wanted = request.GET.get("version", "")
    shown = next((one for one in dated if str(one.version.number) == wanted), dated[0])
    return {
        "thing": thing,
        "pages": pages,
        "timeline": dated,
        "latest": dated[0].version,
        "version": shown.version,
        "review": shown.review,
        "originator": originator(request.organization),
        "before_it": waiting_before(shown.version),
        "thread": thread(shown.version),
        "can_appeal": may_be_appealed(shown.version),
    }


def editor_context(request: MemberRequest, form: Form, version: Any, pages: str) -> dict[str, Any]:
    """Return what an editor shows beside its fields; `version` is None before the first saving."""
    return {
        "form": form,
        "version": version,
        "thing": version.thing if version else None,
        "pages": pages,
        "originator": originator(request.organization),
        "timeline": timeline(version.thing) if version else [],
        "rejection": rejection_reasons(version),
        "before_it": waiting_before(version),
    }


def draft_of(thing: Any) -> Any:
    """Return the draft of a signature or text template, or None."""
    return thing.versions.filter(state=ReviewState.DRAFT.value).order_by("-number").first()


def saved(request: MemberRequest, form: Form, save: Callable[..., Any]) -> Any:
    """Return the version that a posted form was saved as.

    None when the page is only shown, or when saving was refused; the form says why.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return save(author=request.user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field, str(refusal))
        return None


def rejection_reasons(version: Any) -> list[ReasonText]:
    """Return why the version that a draft corrects was rejected."""
    review = rejection_before(version) if version else None
    return reason_texts(review.reasons) if review else []


def after_saving(request: MemberRequest, version: Any, pages: str) -> HttpResponse:
    """Submit if that button was pressed; go back to the editor, or on to the detail page."""
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


def discard_or_withdraw(request: MemberRequest, version: Any, pages: str) -> HttpResponse:
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


def waiting_before(version: Any) -> int:
    """Return how many open items are before a pending version; for a draft, all of them."""
    due = version.due_at if version and version.state == ReviewState.PENDING else None
    return items_before(due)
