"""Pages of the review desk; the administration has made sure that a reviewer asks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actions import decide_activation, decide_originator
from accounts.countries import country_name
from accounts.errors import Refusal
from accounts.models import Originator, ServiceActivation, User
from accounts.notices import NoticeKind, readers
from accounts.queries import may_review
from accounts.requests import PersonRequest
from templates_app.actions import ask_submitter, decide
from templates_app.desk import queries
from templates_app.desk.forms import DecisionForms
from templates_app.diff import diff
from templates_app.forms import QuestionForm
from templates_app.lint_report import signature_report, text_template_report
from templates_app.models import SignatureVersion, TextTemplateVersion
from templates_app.preview import preview
from templates_app.queries import compared_version, sendable_signatures, thread
from templates_app.sentences import EXAMPLE_TEXT
from templates_app.version_findings import accepts_replies, originator
from templates_app.views.evidence import evidence_response


def review_desk(request: PersonRequest) -> HttpResponse:
    """Show what waits, the most urgent first."""
    return render(
        request, "templates_app/desk/review_desk.html", {"queue": queries.queue(request.user)}
    )


def review_item(request: PersonRequest, kind: str, pk: int) -> HttpResponse:
    """Show one item with all a reviewer must know, and take the decision."""
    item = queries.item(kind, pk)
    if item is None:
        raise Http404
    asking = "ask" in request.POST
    ask = QuestionForm(request.POST if asking else None)
    if asking and ask.is_valid():
        return _asked(request, item, ask)
    decision = DecisionForms(kind, None if asking else request.POST or None)
    if request.method == "POST" and not {"add", "ask"} & set(request.POST) and decision.is_valid():
        return _decided(request, item, decision)
    organization = item.row.organization
    activation = queries.activation_of(organization)
    allowed, own = may_review(request.user, organization)
    return render(
        request,
        "templates_app/desk/review_item.html",
        {
            "queue": queries.queue(request.user),
            "item": item,
            "decision": decision,
            "ask": ask,
            "allowed": allowed,
            "own": own,
            "told": len(
                readers(
                    NoticeKind.REVIEW, organization, people=_submitters(item.row), contacts=True
                )
            ),
            "activation": activation,
            "country": country_name(activation.country) if activation else "",
            "decisions": queries.earlier_decisions(organization),
            **_about(item),
        },
    )


def review_evidence(request: PersonRequest, pk: int) -> HttpResponse:
    """Serve the certificate of a submitted signature version to a reviewer."""
    item = queries.item("signature", pk)
    if item is None:
        raise Http404
    return evidence_response(item.row)


def _submitters(row: queries.ReviewedRow) -> list[User]:
    """Return who submitted it; nobody for an originator of before they were reviewed."""
    if isinstance(row, ServiceActivation | Originator):
        return [row.submitted_by] if row.submitted_by else []
    return [row.created_by]


def _decided(request: PersonRequest, item: queries.Item, decision: DecisionForms) -> HttpResponse:
    """Record the decision; go on to the desk, or back where it was refused."""
    values: dict[str, Any] = {
        "reviewer": request.user,
        "approve": decision.approves,
        "reasons": decision.given,
        "note": decision.note,
    }
    try:
        if isinstance(item.row, ServiceActivation):
            decide_activation(activation=item.row, **values)
        elif isinstance(item.row, Originator):
            decide_originator(originator=item.row, **values)
        else:
            decide(version=item.row, **values)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:review_item", item.kind, item.row.pk)
    done = _("“%(thing)s” was approved.") if decision.approves else _("“%(thing)s” was rejected.")
    messages.success(request, done % {"thing": _title(item.row)})
    return redirect("admin:review_desk")


def _asked(request: PersonRequest, item: queries.Item, ask: QuestionForm) -> HttpResponse:
    """Add a question to the thread, where there is one."""
    if item.kind not in queries.DECIDED_BY_ANOTHER:
        raise Http404
    try:
        ask_submitter(version=item.row, reviewer=request.user, **ask.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("We have asked the submitter. The decision is not due until they answer.")
        )
    return redirect("admin:review_item", item.kind, item.row.pk)


def _title(row: queries.ReviewedRow) -> str:
    if isinstance(row, ServiceActivation):
        return row.legal_name
    return str(row)


def _about(item: queries.Item) -> dict[str, Any]:
    """Return what is shown of the item itself, by its kind."""
    row = item.row
    shown: dict[str, Any] = {"title": _title(row), "submitter": next(iter(_submitters(row)), None)}
    if isinstance(row, ServiceActivation):
        return {**shown, "item_country": country_name(row.country)}
    if isinstance(row, Originator):
        country = country_name(row.country) if row.country else ""
        return {**shown, "item_country": country, "others": queries.others_with(row)}
    earlier = compared_version(row)
    shown |= {
        "earlier": earlier,
        "changes": diff(earlier.text, row.text) if earlier else (),
        "review": row.reviews.select_related("reviewer").order_by("-pk").first(),
        "originator": originator(row.organization),
        "thread": thread(row),
    }
    if isinstance(row, SignatureVersion):
        return {**shown, **_about_signature(row)}
    return {**shown, **_about_text_template(row)}


def _about_signature(version: SignatureVersion) -> dict[str, Any]:
    return {
        "check": signature_report(version.content),
        "preview": preview(str(EXAMPLE_TEXT), (), version.content),
    }


def _about_text_template(version: TextTemplateVersion) -> dict[str, Any]:
    return {
        "check": text_template_report(
            version.body,
            version.sms_type,
            version.samples,
            accepts_replies=accepts_replies(version.organization),
        ),
        "preview": preview(version.body, version.samples),
        "signatures": sendable_signatures(version.organization),
    }
