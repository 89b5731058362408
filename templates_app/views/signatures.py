"""Pages of signatures: list, editor, one signature, and its evidence."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.decorators import needs, takes_files
from accounts.errors import Refusal
from accounts.limits import PREVIEWS, limited
from accounts.requests import MemberRequest
from templates_app import queries
from templates_app.actions import create_signature, save_signature
from templates_app.actions.signatures import EvidenceRefused
from templates_app.forms import SignatureForm
from templates_app.lint_report import signature_report
from templates_app.models import Signature, SignatureVersion
from templates_app.models.reviewed_version import STATE_LABELS
from templates_app.preview import preview
from templates_app.sentences import EXAMPLE_TEXT
from templates_app.version_findings import originator
from templates_app.views import editor
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
    state = request.GET.get("state", "")
    rows = queries.signatures(request.organization, state=state)
    page = Paginator(rows, editor.PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "templates_app/signature_list.html",
        {
            "page": page,
            "lines": queries.listed(request.organization, page.object_list),
            "state": state,
            "states": [(one.value, STATE_LABELS[one]) for one in queries.LIST_STATES],
        },
    )


@takes_files
@needs("content")
@limited(PREVIEWS)
def signature_create(request: MemberRequest) -> HttpResponse:
    """Write a new signature."""
    form = SignatureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (saved := _saved(request, form, None)):
        return editor.after_saving(request, saved, PAGES)
    return render(request, "templates_app/signature_create.html", _editor(request, form, None))


@takes_files
@needs("content")
@limited(PREVIEWS)
def signature_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the draft of a signature."""
    version = editor.draft_of(_signature(request, pk))
    if version is None:
        return redirect("templates_app:signature_detail", pk)
    form = SignatureForm(
        request.POST or None,
        request.FILES or None,
        initial={
            name: getattr(version, name) for name in ("content", "kind", "for_others", "remarks")
        },
    )
    if request.method == "POST" and form.is_valid() and (saved := _saved(request, form, version)):
        return editor.after_saving(request, saved, PAGES)
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
    signature = _signature(request, pk)
    shown = editor.shown_version(request, signature)
    version: SignatureVersion = shown["version"]
    return render(
        request,
        "templates_app/signature_detail.html",
        {
            "signature": signature,
            **shown,
            "preview": preview(str(EXAMPLE_TEXT), (), version.content),
            "originator": originator(request.organization),
            "check": signature_report(version.content),
            "earlier": queries.compared_version(version),
            **editor.waiting(version),
        },
    )


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
    """Take the version `pk` back, in review or a draft."""
    return editor.take_back(request, _version(request, pk), PAGES)


@needs("content")
@require_POST
def signature_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Delete a signature."""
    return editor.remove(request, _signature(request, pk), PAGES)


def _saved(
    request: MemberRequest, form: SignatureForm, version: SignatureVersion | None
) -> SignatureVersion | None:
    """Save the form as a draft; None, with the error in the form, when that is refused."""
    values = {"author": request.user, **form.cleaned_data}
    try:
        if version is None:
            return create_signature(organization=request.organization, **values)
        return save_signature(version=version, **values)
    except EvidenceRefused as refusal:
        form.add_error("evidence", str(refusal))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return None


def _editor(
    request: MemberRequest, form: SignatureForm, version: SignatureVersion | None
) -> dict[str, Any]:
    """Return what the editor shows beside its fields."""
    content = form.shown_content
    return {
        "form": form,
        "version": version,
        "signature": version.signature if version else None,
        "originator": originator(request.organization),
        "check": signature_report(content) if content else None,
        "preview": preview(str(EXAMPLE_TEXT), (), content or None),
        "timeline": queries.timeline(version.signature) if version else [],
        "rejection": editor.rejection_reasons(version),
        **editor.waiting(version),
    }
