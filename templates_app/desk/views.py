"""Pages of the review desk; the administration has made sure that a reviewer asks."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import Refusal
from accounts.queries import reviewer_places
from accounts.requests import PersonRequest, whole_number
from templates_app.actions import ask_submitter
from templates_app.desk import actions, queries
from templates_app.desk.figures import desk_figures
from templates_app.desk.forms import ItemForms
from templates_app.desk.shown import about_item
from templates_app.desk.similar import identical_open
from templates_app.models import DeskDecision
from templates_app.views.evidence import evidence_image, evidence_response


def review_desk(request: PersonRequest) -> HttpResponse:
    """Show what waits, the most urgent first; begin with it, or take a decision back."""
    if "undo" in request.POST:
        return _take_back(request)
    if request.method == "POST":
        return _go_on(request)
    return render(
        request,
        "templates_app/desk/review_desk.html",
        {
            "queue": queries.queue(request.user),
            "held": queries.held_decisions(request.user),
            "void": queries.void_decisions(request.user),
            "figures": desk_figures(),
            "checks": queries.quality_checks(request.user),
        },
    )


def review_item(request: PersonRequest, kind: str, pk: int) -> HttpResponse:
    """Show one item with all a reviewer must know, and take what they do about it."""
    item = queries.item(kind, pk)
    if item is None:
        raise Http404
    forms = ItemForms(kind, request.POST)
    if request.method == "POST" and (done := _act(request, item, forms)):
        return done
    return _shown(request, item, forms)


def _shown(
    request: PersonRequest,
    item: queries.Item,
    forms: ItemForms,
    queue: queries.Queue | None = None,
) -> HttpResponse:
    """Show an item, and claim it if it can be decided; one of a `queue` is claimed already."""
    places = queue.places if queue else reviewer_places(request.user)
    allowed = item.row.organization_id not in places.refused
    decided = queries.open_decision(item)
    if queue is None:
        if item.is_open and allowed and decided is None:
            actions.claim(item, request.user)
        queue = queries.queue(request.user, places)
        item = replace(item, claim=queue.claims.get(item.key))
    before, after = queue.beside(item, request.user)
    response = render(
        request,
        "templates_app/desk/review_item.html",
        {
            "queue": queue,
            "before": before,
            "after": after,
            "held": queries.held_decisions(request.user),
            "item": item,
            "forms": forms,
            "allowed": allowed,
            "own": item.row.organization_id in places.own,
            "is_free": item.is_free_for(request.user),
            "decided": decided,
            **about_item(item, request.user, places),
        },
    )
    # Nobody whose link is shown learns that a reviewer reads it.
    response["X-DNS-Prefetch-Control"] = "off"
    return response


def review_evidence(request: PersonRequest, pk: int) -> HttpResponse:
    """Serve the certificate of a submitted signature version to a reviewer."""
    item = queries.item("signature", pk)
    if item is None:
        raise Http404
    return evidence_image(item.row) if "image" in request.GET else evidence_response(item.row)


def _act(request: PersonRequest, item: queries.Item, forms: ItemForms) -> HttpResponse | None:
    """Do what the pressed button says; None where the form must be shown again."""
    if forms.pressed == "quality":
        return _say_quality(request, item)
    if forms.pressed == "ask" and forms.ask.is_valid():
        return _ask(request, item, forms)
    if forms.pressed == "noted" and forms.note.is_valid():
        return _note(request, item, forms)
    if forms.pressed == "decision" and forms.decision.is_valid():
        return _decide(request, item, forms)
    return None


def _decide(request: PersonRequest, item: queries.Item, forms: ItemForms) -> HttpResponse:
    """Take the decision; go on to the next item, or back where it was refused."""
    decision = forms.decision
    values: dict[str, Any] = {"reviewer": request.user, "note": decision.cleaned_data["note"]}
    try:
        if decision.approves and decision.cleaned_data["together"]:
            same = identical_open(item, request.user)
            given = actions.give_together(items=[item, *same], **values)[0]
        else:
            given = actions.give(
                item=item, approve=decision.approves, reasons=decision.given, **values
            )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:review_item", *item.key)
    if given.final_at <= given.given_at:
        said = _("“%(thing)s” was approved.") if given.approved else _("“%(thing)s” was rejected.")
        messages.success(request, said % {"thing": given.thing})
    return _go_on(request)


def _go_on(request: PersonRequest) -> HttpResponse:
    """Lead to the most urgent item that nobody works on, or to the desk.

    A step of a sitting is answered with the item itself and its address: one request, not two.
    """
    queue = queries.queue(request.user)
    listed = actions.claim_first(queue.items, request.user)
    item = queries.item(*listed.key) if listed else None
    if listed is None or item is None:
        return redirect("admin:review_desk")
    if not request.headers.get("HX-Request"):
        return redirect("admin:review_item", *item.key)
    claimed = replace(item, claim=listed.claim)
    response = _shown(request, claimed, ItemForms(item.kind, {}), queue)
    response["HX-Push-Url"] = reverse("admin:review_item", args=item.key)
    return response


def _take_back(request: PersonRequest) -> HttpResponse:
    """Take back a decision of the reader, and lead to its item."""
    pk = whole_number(request.POST["undo"]) or 0
    # Any organization: a reviewer's own decision.
    decision = DeskDecision.objects.filter(pk=pk, reviewer=request.user).first()
    if decision is None:
        raise Http404
    try:
        taken = actions.take_back(decision=decision, reviewer=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:review_desk")
    said = ngettext(
        "The decision was taken back. Nobody has been told.",
        "%(n)d decisions were taken back. Nobody has been told.",
        taken,
    )
    messages.success(request, said % {"n": taken})
    return redirect("admin:review_item", decision.kind, decision.item_id)


def _ask(request: PersonRequest, item: queries.Item, forms: ItemForms) -> HttpResponse:
    """Add a question to the thread, where there is one."""
    if item.kind not in queries.DECIDED_BY_ANOTHER:
        raise Http404
    try:
        ask_submitter(version=item.row, reviewer=request.user, **forms.ask.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("We have asked the submitter. The decision is not due until they answer.")
        )
    return redirect("admin:review_item", *item.key)


def _note(request: PersonRequest, item: queries.Item, forms: ItemForms) -> HttpResponse:
    """Keep a private note."""
    actions.write_note(item=item, author=request.user, text=forms.note.cleaned_data["note_text"])
    messages.success(request, _("The note was saved. Only reviewers see it."))
    return redirect("admin:review_item", *item.key)


def _say_quality(request: PersonRequest, item: queries.Item) -> HttpResponse:
    """Keep what a second reviewer says of an approval."""
    check = queries.quality_check_of(item, request.user)
    if check is None:
        raise Http404
    try:
        actions.say_quality(
            check=check, reviewer=request.user, agrees=request.POST["quality"] == "agree"
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you. The approval stays as it is."))
    return redirect("admin:review_desk")
