"""Pages of signatures: list, editor, one signature, and its evidence."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import needs, takes_files
from accounts.limits import PREVIEWS, limited
from accounts.requests import MemberRequest
from templates_app import queries
from templates_app.actions import create_signature, save_signature
from templates_app.forms import SignatureForm
from templates_app.lint_report import signature_report
from templates_app.models import Signature, SignatureVersion
from templates_app.preview import preview
from templates_app.sentences import EXAMPLE_TEXT
from templates_app.views import editor, reviews
from templates_app.views.evidence import evidence_response

PAGES = "templates_app:signature"


def _signature(request: MemberRequest, pk: int) -> Signature:
    rows = Signature.objects.for_organization(request.organization).filter(deleted_at=None)
    return get_object_or_404(rows.select_related("approved"), pk=pk)


def _version(request: MemberRequest, pk: int) -> SignatureVersion:
    rows = SignatureVersion.objects.for_organization(request.organization)
    rows = rows.filter(signature__deleted_at=None)
    version: SignatureVersion = get_object_or_404(rows.select_related("signature"), pk=pk)
    return version


@needs("view")
def signature_list(request: MemberRequest) -> HttpResponse:
    """List signatures; the state is filtered in the address."""
    state, search = request.GET.get("state", ""), request.GET.get("search", "")
    things = queries.signatures(request.organization, state=state, search=search)
    context = editor.list_context(request, things, PAGES)
    return render(request, "templates_app/signature_list.html", context)


@takes_files
@needs("content")
@limited(PREVIEWS)
def signature_create(request: MemberRequest) -> HttpResponse:
    """Write a new signature."""
    form = SignatureForm(request.POST or None, request.FILES or None)
    save = partial(create_signature, organization=request.organization)
    if version := editor.saved(request, form, save):
        return editor.after_saving(request, version, PAGES)
    return render(request, "templates_app/signature_create.html", _editor(request, form, None))


@takes_files
@needs("content")
@limited(PREVIEWS)
def signature_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the draft of a signature."""
    version = editor.draft_of(_signature(request, pk))
    if version is None:
        return redirect("templates_app:signature_detail", pk)
    initial = {
        name: getattr(version, name) for name in ("content", "kind", "for_others", "remarks")
    }
    form = SignatureForm(request.POST or None, request.FILES or None, initial=initial)
    if editor.saved(request, form, partial(save_signature, version=version)):
        return editor.after_saving(request, version, PAGES)
    return render(request, "templates_app/signature_edit.html", _editor(request, form, version))


@needs("content")
@require_POST
@limited(PREVIEWS)
def signature_preview(request: MemberRequest) -> HttpResponse:
    """Answer the editor's live part: checks and preview of what is in the form."""
    context = _editor(request, SignatureForm(request.POST), None)
    return render(request, "templates_app/signature_preview.html", context)


@needs("view")
def signature_detail(request: MemberRequest, pk: int) -> HttpResponse:
    """Show a signature: one version (the newest, or `?version=`), and all of them."""
    context = editor.detail_context(request, _signature(request, pk), PAGES)
    version: SignatureVersion = context["version"]
    context |= {
        "preview": preview(str(EXAMPLE_TEXT), (), version.content),
        "check": signature_report(version.content),
    }
    return render(request, "templates_app/signature_detail.html", context)


@needs("view")
def signature_evidence(request: MemberRequest, pk: int) -> HttpResponse:
    """Serve the certificate of the version `pk` to its own organization."""
    return evidence_response(_version(request, pk))


@needs("content")
@require_POST
def signature_new_version(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin the next version as a copy of the version `pk`."""
    return editor.begin_version(request, _version(request, pk), PAGES)


@needs("content")
@require_POST
def signature_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Withdraw the version `pk` from review, or discard it if it is a draft."""
    return editor.discard_or_withdraw(request, _version(request, pk), PAGES)


@needs("content")
def signature_appeal(request: MemberRequest, pk: int) -> HttpResponse:
    """Appeal the rejection of the version `pk`."""
    return reviews.appeal_page(request, _version(request, pk), PAGES)


@needs("content")
def signature_questions(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask about the review of the version `pk`, and answer."""
    return reviews.questions_page(request, _version(request, pk), PAGES)


@needs("content")
@require_POST
def signature_submit(request: MemberRequest) -> HttpResponse:
    """Submit the drafts that were chosen in the list."""
    return editor.submit_chosen(request, Signature, PAGES)


@needs("content")
@require_POST
def signature_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a signature."""
    return editor.remove(request, _signature(request, pk), PAGES)


def _editor(
    request: MemberRequest, form: SignatureForm, version: SignatureVersion | None
) -> dict[str, Any]:
    content = form.shown_content
    return {
        **editor.editor_context(request, form, version, PAGES),
        "check": signature_report(content) if content else None,
        "preview": preview(str(EXAMPLE_TEXT), (), content or None),
    }
